"""A Content-Length that no longer fits a session description, because an address in it was replaced.

A device that rewrites addresses in SIP changes the length of the body with every address that is longer or shorter than
the one before. If it leaves Content-Length (RFC 3261 §20.14) as it was, the header is wrong by exactly that. The old
address is often still there, in a header that the device does not know of, such as the Call-ID.
"""

import re
from collections import Counter
from dataclasses import dataclass

from collabtrace.protocols.message import Message
from collabtrace.protocols.scope import is_inside, is_public

_IN_BODY = re.compile(r"\bIN IP[46] ([0-9A-Fa-f.:]{2,45})")
_IN_HEADS = re.compile(
    r"(?<![0-9A-Fa-f.:])(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![.0-9])|(?<=\[)[0-9A-Fa-f:.]{2,45}(?=\]))"
)
_SDP_LINE = re.compile(rb"[a-z]=")
NAMING = frozenset({"Via", "Contact", "From", "Call-ID", "Record-Route", "P-Asserted-Identity"})
"""Headers in which the sender writes its address."""


@dataclass(frozen=True, slots=True)
class LengthSlip:
    """A body that is longer or shorter than Content-Length says."""

    excess: int
    """Bytes beyond Content-Length; negative where they are fewer."""
    before: str | None = None
    """The address that was replaced; None where no address explains the difference."""
    after: str | None = None
    """The address that stands in the description instead."""
    times: int = 0
    """How often it was replaced."""

    @property
    def is_habit(self) -> bool:
        """Whether it may as well be a line end that was not counted, as some programs do it."""
        return 0 < self.excess <= len("\r\n")


def find(message: Message) -> LengthSlip | None:
    """The slip of a message with a session description; None where its length is right, or wrong in a usual way."""
    body = message.body + message.tail
    if not body.startswith(b"v=0"):
        return None
    excess = message.excess or -len(_overrun(message.body))
    if not excess or (excess > 0 and message.body.endswith(b"\n")):
        # A whole description with something behind it is a habit of some programs, not a slip.
        return None
    written = Counter(_IN_BODY.findall(body.decode("utf-8", "replace")))
    for after, count in written.items():
        for before in _named(message) if is_public(after) else ():
            longer = len(after) - len(before)
            if longer and not excess % longer and 1 <= excess // longer <= count:
                return LengthSlip(excess, before, after, excess // longer)
    return LengthSlip(excess)


def _overrun(body: bytes) -> bytes:
    """What a body of a stream took from the message behind it: a last line that is none of a description."""
    last = body[body.rfind(b"\n") + 1 :]
    return b"" if not last or _SDP_LINE.match(last) else last


def _named(message: Message) -> list[str]:
    """The private addresses in the headers of the sender, each once."""
    texts = (value for name, value in message.headers if name in NAMING)
    found = dict.fromkeys(address for text in texts for address in _IN_HEADS.findall(text))
    return [address for address in found if is_inside(address)]
