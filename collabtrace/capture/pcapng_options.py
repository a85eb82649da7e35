"""Options of pcapng blocks (draft-ietf-opsawg-pcapng §3.5): code, length, value, until code 0."""

import struct
from collections.abc import Iterator

COMMENT = 1
_UNBELIEVABLE = 1 << 48
"""Some writers set all bits where they do not know a count."""


def options(data: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    """Code and value of each option in *data*; ends at the first that is not whole."""
    at = 0
    header = struct.Struct(f"{order}HH")
    while at + 4 <= len(data):
        code, length = header.unpack_from(data, at)
        if code == 0 or at + 4 + length > len(data):
            return
        yield code, data[at + 4 : at + 4 + length]
        at += 4 + (length + 3 & ~3)


def text(value: bytes) -> str:
    """An option's UTF-8 text; some writers end it with a zero byte."""
    return value.rstrip(b"\0").decode("utf-8", "replace")


def number(value: bytes, order: str) -> int | None:
    """An option's unsigned number of four or eight bytes; None for any other length, and for no believable count."""
    width = {4: "I", 8: "Q"}.get(len(value))
    if width is None:
        return None
    (count,) = struct.unpack(f"{order}{width}", value)
    return int(count) if count < _UNBELIEVABLE else None
