"""What a payload type means in a stream: by the m-line that negotiated it, else by RFC 3551."""

import functools
from collections.abc import Iterable
from typing import NamedTuple

from collabtrace.columns import Table
from collabtrace.protocols.sdp.codecs import AUXILIARY, STATIC
from collabtrace.schema import MediaLine


class Format(NamedTuple):
    """One payload format."""

    encoding: str
    """``PCMU/8000``"""
    clock_rate: int | None
    """Hz."""
    told_by: str
    """``sdp`` or ``static``"""

    @property
    def name(self) -> str:
        """The encoding name in lower case."""
        return self.encoding.partition("/")[0].lower()


EVENT = "telephone-event"
COMFORT_NOISE = "cn"
OLD_COMFORT_NOISE = 19
"""The payload type that drafts gave to comfort noise; reserved since (RFC 3551 §6), and still sent."""
_STATIC = {int(number): Format(codec.encoding, codec.clock_rate, "static") for number, codec in STATIC.items()}
UNNAMED = {**_STATIC, OLD_COMFORT_NOISE: Format("CN/8000", 8000, "static")}
"""What payload types mean where no SDP names them."""


class Formats:
    """The payload types of every m-line."""

    def __init__(self, media: Table[MediaLine]) -> None:
        self._media = media
        self._named: list[tuple[str, ...]] = media.values("payload_types")

    def of(self, row: int | None) -> dict[int, Format]:
        """What payload types mean in the m-line *row*; None is for a stream that no SDP names."""
        return UNNAMED if row is None else read(self._named[row])

    def in_any_round(self, row: int | None, payload_type: int) -> Format | None:
        """What *payload_type* means in another offer/answer round of the m-line *row*."""
        return None if row is None else self._rounds[self._lines[row]].get(payload_type)

    @functools.cached_property
    def _lines(self) -> list[tuple[int, int]]:
        return list(zip(self._media.values("dialog_row"), self._media.values("index"), strict=True))

    @functools.cached_property
    def _rounds(self) -> dict[tuple[int, int], dict[int, Format]]:
        rounds: dict[tuple[int, int], dict[int, Format]] = {}
        for line, named in zip(self._lines, self._named, strict=True):
            rounds[line] = {**read(named), **rounds.get(line, {})}
        return rounds

    def types(self, row: int | None, numbers: Iterable[int]) -> dict[int, Format]:
        """What the payload types *numbers* mean in the m-line *row*, or else in another round of it."""
        named = self.of(row)
        known = {number: named.get(number) or self.in_any_round(row, number) for number in numbers}
        return {number: meant for number, meant in known.items() if meant}


def tick(meant: Format) -> float:
    """Milliseconds per timestamp unit; 0 for a telephone-event, and where nothing tells the clock."""
    return 1000 / meant.clock_rate if meant.clock_rate and meant.name != EVENT else 0.0


@functools.lru_cache(maxsize=4096)
def media_encodings(named: tuple[str, ...]) -> frozenset[str]:
    """The encodings of ``("0=PCMU/8000", …)`` that carry media themselves, in lower case (``codecs.AUXILIARY``)."""
    encodings = (item.partition("=")[2].lower() for item in named)
    return frozenset(each for each in encodings if each.partition("/")[0] not in AUXILIARY)


@functools.lru_cache(maxsize=4096)
def shared_encoding(one: tuple[str, ...], other: tuple[str, ...]) -> str | None:
    """An encoding that carries media and that both name, in lower case; None where there is none."""
    return min(media_encodings(one) & media_encodings(other), default=None)


@functools.lru_cache(maxsize=4096)
def numbers(named: tuple[str, ...]) -> frozenset[int]:
    """The payload types of ``("101=telephone-event/8000", …)``, but for those that are no number."""
    found = (item.partition("=")[0] for item in named)
    return frozenset(int(number) for number in found if number.isdecimal() and len(number) <= 3)


@functools.lru_cache(maxsize=4096)
def read(named: tuple[str, ...]) -> dict[int, Format]:
    """Read ``("101=telephone-event/8000", …)``: of two meanings of a number the first counts, RFC 3551 for the rest."""
    formats: dict[int, Format] = {}
    for item in named:
        number, _, encoding = item.partition("=")
        rate = encoding.partition("/")[2].partition("/")[0]
        if encoding and number.isdecimal() and len(number) <= 3:
            clock_rate = int(rate) if rate.isdecimal() and 0 < len(rate) < 10 else None
            formats.setdefault(int(number), Format(encoding, clock_rate or None, "sdp"))
    return UNNAMED | formats
