"""What the headers of an INVITE say of the call that its leg belongs to, beside its Call-ID and Session-ID.

A back-to-back user agent gives each leg a Call-ID of its own (RFC 7092). Many leave a trace of what
belongs together all the same: an identifier that is the same on all legs, or the dialog identifier of
another leg. A header is one entry in a table here.
"""

import re

from collabtrace.protocols import sip

SHARED = ("Cisco-Guid", "X-TAATag", "proxy-call-id", "icid-value")
"""Identifiers that all legs of one call carry: Cisco gateways, Cisco Expressway (twice), IMS (RFC 7315 §4.6)."""

GCI = "gci"
"""The number of the call in Call-Info headers of CUCM, which begins anew when CUCM does."""

NAMED = ("Replaces", "Join", "Target-Dialog", "X-Call-ID", "X-CID")
"""Headers that name another leg by its Call-ID: RFC 3891, RFC 3911, RFC 4538, and two that proxies are set to add."""

MARKED_IN_RESPONSES = "Cisco-CUCM"
"""What begins the Server header of those that mark the caller's leg only in what they answer: CUCM, by a ``gci``."""

_WHOLE = frozenset(("Cisco-Guid", "X-TAATag", *NAMED))
HEADERS = (*_WHOLE, "P-Charging-Vector", "Call-Info")
"""Where marks stand, beside Via and Record-Route."""
_PROXY_CALL_ID = re.compile(r"[;:]proxy-call-id=([^;,\s>@]+)", re.IGNORECASE)
_GCI = re.compile(r";\s*gci\s*=\s*\"?([0-9]+-[0-9]+)", re.IGNORECASE)
_ICID = re.compile(r'icid-value="?([^";,\s]+)', re.IGNORECASE)


def marks(message: sip.Message) -> tuple[str, ...] | None:
    """The marks of an INVITE, or of a response to one, each as ``name: value`` and once; None where it has none."""
    found: dict[str, None] = {}
    for name, value in message.headers:
        if name in _WHOLE:
            found[f"{name}: {value}"] = None
        elif name in ("Via", "Record-Route"):
            if "proxy-call-id" in value:
                found.update(dict.fromkeys(f"proxy-call-id: {each}" for each in _PROXY_CALL_ID.findall(value)))
        elif name == "P-Charging-Vector":
            found.update(dict.fromkeys(f"icid-value: {each}" for each in _ICID.findall(value)))
        elif name == "Call-Info":
            found.update(dict.fromkeys(f"{GCI}: {each}" for each in _GCI.findall(value)))
    return tuple(found) or None


def is_marked_in_responses(agent: str | None) -> bool:
    """Whether the sender of a response, by its Server header, may have marked it."""
    return agent is not None and agent.startswith(MARKED_IN_RESPONSES)
