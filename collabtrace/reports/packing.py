"""Articles packed into deflated blocks, so that a report of thousands of calls stays small and opens at once.

A page holds few articles as they are. Many are put into blocks of some hundred kilobytes, deflated and written as
base64 into elements that no browser runs; the page's own code inflates the block of the article that the reader
opens (``DecompressionStream``, which every browser has since 2023). Neighbours share a block because SIP repeats
itself: calls deflated together are a fraction of the size of calls deflated one by one.
"""

import base64
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from markupsafe import Markup

from collabtrace.views.markup import data_island

PLAIN_SIZE = 3_000_000
"""Characters of articles that a page holds as they are: what a browser opens without delay."""

BLOCK_SIZE = 400_000
"""Characters that are deflated together: inflated within milliseconds."""


class Article(NamedTuple):
    """What opens when the reader asks for it."""

    anchor: str
    markup: Markup


def pack(articles: Iterable[Article], plain_size: int = PLAIN_SIZE) -> Iterator[Markup]:
    """The articles as they are, if all of them together stay below *plain_size*; else in blocks, with their index."""
    held, size, waiting = [], 0, iter(articles)
    for article in waiting:
        held.append(article)
        size += len(article.markup)
        if size > plain_size:
            yield from _blocks(chain(held, waiting))
            return
    yield from (article.markup for article in held)


def _blocks(articles: Iterable[Article]) -> Iterator[Markup]:
    index: dict[str, int] = {}
    gathered: list[str] = []
    size = number = 0
    for article in articles:
        index[article.anchor] = number
        gathered.append(article.markup)
        size += len(article.markup)
        if size > BLOCK_SIZE:
            yield _block(number, gathered)
            gathered, size, number = [], 0, number + 1
    if gathered:
        yield _block(number, gathered)
    yield data_island("blocks", index)


def _block(number: int, gathered: list[str]) -> Markup:
    deflated = zlib.compress("".join(gathered).encode(), 6)
    return data_island(f"block-{number}", base64.b64encode(deflated).decode("ascii"))
