"""Articles in deflated blocks."""

import base64
import json
import zlib

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from collabtrace.reports import packing
from collabtrace.reports.packing import Article, pack
from tests.reports.markup_reader import read


def unpacked(page: str) -> tuple[dict[str, int], list[str]]:
    """What the page's own code makes of the blocks."""
    scripts = read(page).all("script", type="application/json")
    islands = {script.attributes["id"]: json.loads(script.text) for script in scripts}
    index = islands.pop("blocks")
    blocks = [base64.b64decode(islands[f"block-{number}"]) for number in range(len(islands))]
    return index, [zlib.decompress(block).decode() for block in blocks]


def test_few_articles_are_in_the_page_as_they_are() -> None:
    assert list(pack([Article("call-1", Markup("<p>one</p>"))])) == ["<p>one</p>"]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=8), st.integers(1, 120))
def test_many_articles_come_back_out_of_their_blocks(texts: list[str], size: int) -> None:
    packed = [Article(f"call-{number}", Markup.escape(text)) for number, text in enumerate(texts)]
    usual, packing.BLOCK_SIZE = packing.BLOCK_SIZE, size
    try:
        pieces = list(pack(packed, plain_size=-1))
    finally:
        packing.BLOCK_SIZE = usual
    index, inflated = unpacked("".join(pieces))
    assert "".join(inflated) == "".join(article.markup for article in packed)
    assert all(article.markup in inflated[index[article.anchor]] for article in packed)


def test_no_article_is_nothing() -> None:
    assert list(pack([])) == []
