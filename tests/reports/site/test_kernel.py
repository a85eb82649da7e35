"""A kernel for reports opens no port."""

import os

import pytest

from collabtrace.reports.site.kernel import LocalKernel


@pytest.mark.skipif(os.name != "posix", reason="only here sockets of the file system are to be had")
def test_it_is_spoken_to_without_a_port() -> None:
    assert LocalKernel().transport == "ipc"
