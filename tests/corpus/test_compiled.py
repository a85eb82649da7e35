"""Every capture is read alike with what is compiled and without."""

import numpy as np
import pytest

from collabtrace import compiled
from collabtrace.sessions.texts import Texts
from collabtrace.sessions.traffic import Traffic, read
from tests.corpus.conftest import Truth


def columns(traffic: Traffic) -> list[str]:
    tables = [traffic.messages.columns, traffic.flows.columns, traffic.unreachables.columns]
    found = [column for table in tables for column in table.values()]
    found += [getattr(chunk, name) for chunk in traffic.media.chunks for name in chunk.__slots__]
    return [repr(column.tolist() if isinstance(column, np.ndarray) else column) for column in found]


@pytest.mark.skipif(compiled.core is None, reason="nothing is compiled here")
def test_a_capture_is_read_alike(truth: Truth, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(truth.path, Texts())
    monkeypatch.setattr(compiled, "core", None)
    expected = read(truth.path, Texts())

    assert found.capture == expected.capture
    assert columns(found) == columns(expected)
    assert (found.rtcp, found.bfcp) == (expected.rtcp, expected.bfcp)
