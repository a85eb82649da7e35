"""Keys in the body of a SIP INFO: ``application/dtmf-relay`` and ``application/dtmf``.

No RFC defines them; RFC 6086 §2 names the practice. ``dtmf-relay`` says ``Signal=5`` and ``Duration=160``, a line each,
``dtmf`` is the key alone. Senders differ in spaces and line ends, and some write the event codes of RFC 4733 for the
keys that are no digit: 10 for ``*``, 11 for ``#``.
"""

import re
from dataclasses import dataclass

from collabtrace.errors import ParseError
from collabtrace.protocols.telephone_event import DIGITS, FLASH, name

RELAY, PLAIN = "application/dtmf-relay", "application/dtmf"
"""Media types."""

_SIGNAL = re.compile(rb"^[ \t]*signal[ \t]*[=:][ \t]*([^\s]{1,8})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_DURATION = re.compile(rb"^[ \t]*duration[ \t]*[=:][ \t]*([0-9]{1,6})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_HOOK_FLASH = {"!", "hf", "flash", "hookflash"}
"""How senders write a hook flash."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One key."""

    digit: str
    """One of ``telephone_event.DIGITS``, or ``flash``."""
    duration: int | None = None
    """Milliseconds."""

    def __bytes__(self) -> bytes:
        lines = f"Signal={self.digit}\r\n"
        return (lines if self.duration is None else f"{lines}Duration={self.duration}\r\n").encode()


def parse(media_type: str, body: bytes) -> Signal:
    """Read a body of one of the two media types; a ParseError where it names no key, which it does not quote."""
    found = _SIGNAL.search(body)
    if found is not None:
        length = _DURATION.search(body)
        return Signal(_key(found[1]), int(length[1]) if length else None)
    if media_type == PLAIN:
        return Signal(_key(body.strip(b"\0\t\n\r ")))
    raise ParseError("the body has no line Signal=")


def _key(written: bytes) -> str:
    """The key that *written* means."""
    word = written.decode("ascii", "replace")
    if word.upper() in DIGITS and len(word) == 1:
        return word.upper()
    if word.lower() in _HOOK_FLASH:
        return "flash"
    event = int(word) if re.fullmatch("[0-9]{2}", word) else FLASH + 1
    meant = name(event) if event >= DIGITS.index("*") else None
    if meant is None:
        raise ParseError("what is signalled is no key")
    return meant
