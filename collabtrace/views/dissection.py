"""Wireshark's dissection of one frame as an outline: planned from its PDML, drawn as text or as HTML that folds.

Secrets are masked line by line, as everywhere (``masking``), and so is whatever the whole message shows to be one,
wherever it stands again. What no text tells, such as the key in a telephone-event, is known by the name of its field.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markupsafe import Markup

from collabtrace.views import theme
from collabtrace.views.markup import element, join, verbatim
from collabtrace.views.masking import MASK, mask, secrets

SECRET_FIELDS = frozenset(
    {
        "rtpevent.event_id",
        "sip.auth",
        "sip.auth.digest.response",
        "sip.auth.nonce",
        "sip.auth.cnonce",
        "sdp.media_attribute.value.crypto",
        "sdp.key",
        "http.authbasic",
        "stun.att.username",
        "stun.att.password",
    }
)
"""Fields whose value is a secret, whatever it looks like."""
TELLING_FIELDS = frozenset({"rtp.payload", "data.data", "media.type", "udp.checksum", "tcp.checksum"})
"""Fields that tell a key by their bytes, or together with all others: hidden in frames that hold one."""
BODY = "sip.msg_body"
"""The field of a body that Wireshark does not take apart; hidden where it is nothing but keys."""
SHORTEST = 4
"""Characters of a secret that is looked for outside its own place; a shorter one stands everywhere by chance."""
WIDEST = 2000
"""Characters of a line that are shown."""
LEFT_OUT = frozenset({"geninfo", "frame.time_relative"})

SUMMARY = (
    "frame.number",
    "frame.time_epoch",
    "_ws.col.Source",
    "_ws.col.Destination",
    "_ws.col.Protocol",
    "_ws.col.Info",
)
"""Wireshark's fields that a line of its packet list is made of."""
COLUMNS = ("frame", "time_epoch", "source", "target", "protocol", "info")
"""The same as columns of ours."""
KEYED = "RTP EVENT"
"""Wireshark's name of the protocol whose Info names a key that was pressed."""


def summary(fields: tuple[str, ...]) -> tuple[int, float, str, str, str, str]:
    """A row of ``COLUMNS`` from the ``SUMMARY`` of one frame, secrets masked."""
    frame, time, source, target, protocol, info = fields
    shown = MASK.decode() if protocol == KEYED else _masked("", info, (), ())
    return int(frame), float(time), source, target, protocol, shown


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the outline."""

    text: str
    below: tuple["Line", ...]


@dataclass(frozen=True, slots=True)
class Dissection:
    """The outline of one frame; shows itself folded in a notebook, and whole in a terminal."""

    title: str
    lines: tuple[Line, ...]

    def __str__(self) -> str:
        return "\n".join([self.title, *(text for line in self.lines for text in _indented(line, 0))])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        opened = [_folding(line, opened=place == len(self.lines) - 1) for place, line in enumerate(self.lines)]
        body = element("div", element("p", element("b", self.title)), *opened, class_="ct ct-tree")
        return str(join([verbatim("style", theme.VARIABLES + STYLE), body]))


STYLE = (
    ".ct-tree{font:12px/1.5 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;color:var(--ct-ink);"
    "background:var(--ct-ground);padding:.4rem .6rem;overflow-x:auto}"
    ".ct-tree details,.ct-tree div{padding-left:1.2rem;white-space:pre-wrap;overflow-wrap:anywhere}"
    ".ct-tree summary{cursor:pointer;margin-left:-1.2rem}"
    ".ct-tree summary:hover{background:var(--ct-panel)}"
)
"""What the outline looks like in a notebook."""


def plan(packet: Element, title: str, messages: Iterable[bytes] = (), *, holds_keys: bool = False) -> Dissection:
    """The outline of a ``packet`` element of PDML.

    *messages* are the SIP messages in the frame, as captured; *holds_keys* says that it tells of keys pressed.
    """
    said: set[str] = set()
    hidden = SECRET_FIELDS | TELLING_FIELDS if holds_keys else SECRET_FIELDS
    for message in messages:
        own = secrets(message)
        body = message.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")
        said |= {secret for secret in own if len(secret) >= SHORTEST}
        hidden |= TELLING_FIELDS if own else frozenset()
        hidden |= {BODY} if any(secret.strip() == body.strip() for secret in own) else frozenset()
    return Dissection(title, tuple(line for part in packet.findall("proto") for line in _lines(part, said, hidden)))


def _lines(part: Element, known: Collection[str], hidden: Collection[str]) -> list[Line]:
    """The line of a protocol or a field; one that has no text of its own gives those below it."""
    name = part.get("name", "")
    if name in LEFT_OUT or part.get("hide") == "yes":
        return []
    below = () if name in hidden else tuple(line for inner in part for line in _lines(inner, known, hidden))
    text = part.get("showname") or part.get("show") or ""
    return [Line(_masked(name, text, known, hidden)[:WIDEST], below)] if text else list(below)


def _masked(name: str, text: str, known: Collection[str], hidden: Collection[str]) -> str:
    if name in hidden:
        label, colon, _ = text.partition(":")
        return f"{label}{colon} {MASK.decode()}" if colon else MASK.decode()
    for secret in known:
        text = text.replace(secret, MASK.decode())
    return mask(text.encode("utf-8", "surrogateescape")).decode("utf-8", "replace")


def _indented(line: Line, depth: int) -> list[str]:
    return [f"{'  ' * depth}{line.text}", *(text for inner in line.below for text in _indented(inner, depth + 1))]


def _folding(line: Line, *, opened: bool = False) -> Markup:
    if not line.below:
        return element("div", line.text)
    return element("details", element("summary", line.text), *map(_folding, line.below), open=opened)
