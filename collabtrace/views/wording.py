"""How views write numbers, times and endpoints, and how they keep a capture's text on one line."""

from datetime import UTC, datetime

from collabtrace.views.markup import visible
from collabtrace.views.masking import mask_uri

LABEL_LENGTH = 48
"""Characters of a text from the capture that a label keeps."""


def one_line(text: str, longest: int = LABEL_LENGTH) -> str:
    """*text* without line breaks and control characters, cut to *longest* characters."""
    text = visible(" ".join(text[: 4 * longest].split()))
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def endpoint(address: str, port: int | None) -> str:
    """``192.0.2.1:5060`` or ``[2001:db8::1]:5060``; the address alone without a port."""
    if port is None:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def moment(epoch: float) -> str:
    """``2026-01-05 10:00:00.123 UTC`` of seconds since the epoch; the number itself where no calendar has it."""
    try:
        return f"{datetime.fromtimestamp(epoch, UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3] + " UTC"
    except (ValueError, OverflowError, OSError):
        return f"{epoch:.3f}"


def duration(seconds: float) -> str:
    """``0.012 s``, ``12.3 s``, ``3 min 5 s``, ``2 h 10 min``."""
    if seconds < 1:
        return f"{seconds:.3f} s"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """``1 packet``, ``1,200 packets``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"


def sentence(remark: str) -> str:
    """*remark* with a capital letter, as a page begins a sentence."""
    return remark[:1].upper() + remark[1:]


def party(uri: str | None) -> str:
    """``alice@example.com`` of ``sip:alice:secret@example.com;user=phone``; ``unknown`` where nothing says who."""
    if not uri:
        return "unknown"
    bare = mask_uri(uri).partition(";")[0].partition("?")[0]
    scheme, colon, rest = bare.partition(":")
    return one_line(rest if colon and scheme.lower() in ("sip", "sips", "tel") else bare) or "unknown"


def codec(name: str | None) -> str:
    """``PCMU`` of ``PCMU/8000``; the clock rate is worth no space in a picture."""
    return one_line((name or "").partition(",")[0].partition("/")[0], 16)


def loss(packets: int, lost: int) -> str:
    """``3 lost (0.25 %)``; ``no loss``."""
    if not lost:
        return "no loss"
    return f"{lost:,} lost ({100 * lost / (packets + lost):.2g} %)"
