"""What a capture file says about itself."""

import pytest

from collabtrace.capture import records as module
from collabtrace.capture.records import InterfaceNotes, Notes


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
