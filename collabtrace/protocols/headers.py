"""The names of SIP header fields, and how often and in what form each may occur.

RFC 3261 §20 and the registry of "SIP Parameters" that extends it; the compact forms are those of
RFC 3261 §7.3.3, 3515, 3841, 3892, 4028, 4474, 6665 and 8224.
"""

from collabtrace.protocols.memo import Memo

COMPACT = {
    "a": "Accept-Contact",
    "b": "Referred-By",
    "c": "Content-Type",
    "d": "Request-Disposition",
    "e": "Content-Encoding",
    "f": "From",
    "i": "Call-ID",
    "j": "Reject-Contact",
    "k": "Supported",
    "l": "Content-Length",
    "m": "Contact",
    "n": "Identity-Info",
    "o": "Event",
    "r": "Refer-To",
    "s": "Subject",
    "t": "To",
    "u": "Allow-Events",
    "v": "Via",
    "x": "Session-Expires",
    "y": "Identity",
}
"""One-letter names and what they stand for."""

MANDATORY = ("Via", "From", "To", "Call-ID", "CSeq")
"""In every request and response; Max-Forwards, which RFC 2543 did not know, is left out (RFC 3261 §8.1.1)."""

_LISTS = """
Accept Accept-Contact Accept-Encoding Accept-Language Accept-Resource-Priority Alert-Info Allow Allow-Events
Call-Info Contact Content-Encoding Content-Language Diversion Error-Info Feature-Caps Geolocation History-Info
In-Reply-To P-Access-Network-Info P-Asserted-Identity P-Asserted-Service P-Associated-URI P-Preferred-Identity Path
Privacy Proxy-Require Reason Record-Route Recv-Info Reject-Contact Remote-Party-ID Request-Disposition Require
Resource-Priority Route Security-Client Security-Server Security-Verify Service-Route Supported Unsupported
User-to-User Via Warning
"""

_SINGLE = """
Call-ID Content-Disposition Content-Length Content-Type CSeq Date Event Expires From Max-Forwards Min-Expires
Min-SE RAck Refer-To Referred-By Replaces RSeq Session-Expires Session-ID Subscription-State To
"""

_OTHERS = """
Also Answer-Mode Authentication-Info Authorization Cisco-Gucid Cisco-Guid Encryption Flow-Timer
Geolocation-Error Geolocation-Routing Hide Identity Identity-Info Info-Package Join Max-Breadth MIME-Version
Organization P-Called-Party-ID P-Charging-Vector P-Early-Media P-RTP-Stat P-Visited-Network-ID Priority
Proxy-Authenticate Proxy-Authorization Refer-Sub Reply-To Response-Key Retry-After Server SIP-ETag SIP-If-Match
Subject Suppress-If-Match Target-Dialog Timestamp User-Agent WWW-Authenticate X-CID X-Call-ID X-TAATag
"""

LISTS = frozenset(_LISTS.split())
"""Header fields whose values are a comma-separated list, which may also be spread over several fields."""

SINGLE = frozenset(_SINGLE.split())
"""Header fields that must not occur twice."""

KNOWN = {
    **{name: name for name in (*LISTS, *SINGLE, *_OTHERS.split())},
    **{name.lower(): name for name in (*LISTS, *SINGLE, *_OTHERS.split())},
    **COMPACT,
}
"""The usual spelling of each name, by itself, in lower case and by its compact form."""


def canonical(name: str) -> str:
    """The usual spelling of a header name: ``call-id`` and ``i`` are ``Call-ID``; an unknown name stays as it is."""
    return KNOWN.get(name) or KNOWN.get(name.lower(), name)


IRREGULAR = ("", "")
"""Stands for a line that is no header field by itself: folded, with a bare line end, or without a colon."""


def _field(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    known = KNOWN.get(name)
    if known is not None and value.isprintable():
        return known, value.strip()
    if not colon or not name or name[0] in " \t" or "\n" in line or "\r" in line:
        return IRREGULAR
    return canonical(name.rstrip(" \t")), value.strip(" \t")


FIELDS: Memo[tuple[str, str]] = Memo(_field)
"""Name and value of a header line."""
