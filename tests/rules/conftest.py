"""A capture in which nothing is wrong; each test says what is different in its own."""

import pytest

from collabtrace.schema import Capture


@pytest.fixture
def healthy() -> Capture:
    return Capture(
        file="x.pcapng",
        sha256="0" * 64,
        bytes=100_000,
        format="pcapng",
        compressed=False,
        packets=1000,
        first=0.0,
        last=60.0,
        truncated=False,
        flaws=(),
        snapped=0,
        dropped=0,
        duplicates=0,
        duplicate_frames=(),
        secrets=0,
        comments=(),
    )
