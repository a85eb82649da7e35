"""Key Press Markup Language: what a subscriber asks a phone to report, and what it reports (RFC 4730 §5).

The documents are read leniently, as phones write them: the namespace is not asked for, and what is not needed is left.
"""

from dataclasses import dataclass

from collabtrace.errors import ParseError
from collabtrace.protocols.xml_document import elements, root

PACKAGE = "kpml"
"""The event package (RFC 4730 §4.1)."""
REQUEST, RESPONSE = "application/kpml-request+xml", "application/kpml-response+xml"
"""Media types (RFC 4730 §7.3, §7.4)."""

MEANINGS = {
    200: "matched",
    402: "ended by the user without a match",
    423: "timer expired",
    481: "the dialog does not exist",
    487: "the subscription is over",
    501: "bad document",
    502: "namespace not supported",
    531: "persistent subscriptions not supported",
    532: "several regular expressions not supported",
    533: "several subscriptions on a dialog not supported",
    534: "too many regular expressions",
}
"""Codes of a report (RFC 4730 §5.4)."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Regex:
    """One pattern of keys that is asked for (RFC 4730 §5.1)."""

    pattern: str
    """``[x*#ABCD]``: any single key."""
    tag: str | None = None
    """Comes back in the report of a match."""


@dataclass(frozen=True, slots=True)
class KpmlRequest:
    """What a SUBSCRIBE asks for."""

    regexes: tuple[Regex, ...]
    persist: str | None = None
    """``one-shot persist single-notify`` (RFC 4730 §4.5.1)"""

    def __bytes__(self) -> bytes:
        from xml.sax.saxutils import escape  # Only here, because it loads all that a browser needs.

        wanted = "".join(
            f"<regex{_attributes(tag=regex.tag)}>{escape(regex.pattern)}</regex>" for regex in self.regexes
        )
        pattern = f"<pattern{_attributes(persist=self.persist)}>{wanted}</pattern>"
        return _document("request", f'version="1.0">{pattern}</kpml-request>')


@dataclass(frozen=True, slots=True)
class KpmlReport:
    """What a NOTIFY reports."""

    code: int
    """One of ``MEANINGS``."""
    digits: str | None = None
    """The keys pressed, in order; R is a hook flash (RFC 4730 §5.1)."""
    text: str | None = None
    tag: str | None = None
    """Of the pattern that matched."""

    def __bytes__(self) -> bytes:
        told = _attributes(code=str(self.code), text=self.text, digits=self.digits, tag=self.tag)
        return _document("response", f'version="1.0"{told}/>')


def parse_request(data: bytes) -> KpmlRequest:
    """Read the document of a SUBSCRIBE; a ParseError where it is none."""
    document = root(data, "kpml-request")
    pattern = next(elements(document, "pattern"), None)
    regexes = tuple(Regex((each.text or "").strip(), each.get("tag")) for each in elements(document, "regex"))
    return KpmlRequest(regexes, None if pattern is None else pattern.get("persist"))


def parse_report(data: bytes) -> KpmlReport:
    """Read the document of a NOTIFY; a ParseError where it is none."""
    document = root(data, "kpml-response")
    code = document.get("code", "")
    if not (code.isascii() and code.isdecimal() and len(code) == 3):
        raise ParseError("the kpml-response has no code of three digits")
    return KpmlReport(int(code), document.get("digits"), document.get("text"), document.get("tag"))


def _attributes(**values: str | None) -> str:
    from xml.sax.saxutils import quoteattr

    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items() if value is not None)


def _document(kind: str, rest: str) -> bytes:
    return f'{_HEAD}<kpml-{kind} xmlns="urn:ietf:params:xml:ns:kpml-{kind}" {rest}'.encode()
