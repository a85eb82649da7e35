"""What a capture file says about itself."""

import numpy as np
import pytest

from collabtrace.capture import records as module
from collabtrace.capture.records import InterfaceNotes, Notes, Records


def test_units_fit_into_a_column() -> None:
    assert InterfaceNotes(1, 0, resolution=9).units() == 10**9
    assert InterfaceNotes(1, 0, resolution=127).units() == 2**63 - 1


def test_drops_are_unknown_where_nothing_says_them() -> None:
    assert InterfaceNotes(1, 0).lost() is None


def test_comments_are_kept_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_COMMENTS", 2)
    notes = Notes()
    for comment in "abc":
        notes.comment(comment)
    assert notes.comments == ["a", "b"]


def test_secrets_are_kept_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_SECRET_BYTES", 300)
    notes = Notes()
    for secret in (b"a", b"b", b"c"):
        notes.secret(1, secret)
    assert notes.secrets == [(1, b"a"), (1, b"b")]


def test_many_packets_come_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_AT_ONCE", 4)
    number = np.arange(10)
    records = Records(np.zeros(0, np.uint8), 101, number, number, number, number, number.astype(np.int32))
    parts = list(records.parts())
    assert [len(part) for part in parts] == [4, 4, 2]
    assert [part.first_frame for part in parts] == [101, 105, 109]
    assert [part.start.tolist() for part in parts] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
