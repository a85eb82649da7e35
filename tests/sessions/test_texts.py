"""Texts come back as they went in, whether they fit into memory or not."""

import pytest

from collabtrace.sessions import texts
from collabtrace.sessions.texts import Texts


@pytest.mark.parametrize("in_memory", [1 << 20, 10])
def test_every_text_comes_back(in_memory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "IN_MEMORY", in_memory)
    with Texts() as store:
        kept = [(store.add(data), data) for data in (b"INVITE", b"", b"SIP/2.0 200 OK")]
        assert [store.read(start, len(data)) for start, data in kept] == [data for _, data in kept]
        assert store.read(store.add(b"BYE"), 3) == b"BYE"
