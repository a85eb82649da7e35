"""Which product a User-Agent or Server header is of, as far as it tells.

Cisco's collaboration products and those that meet them. Where a number in the header does not tell two products
apart, the letters of the software release do: ``TANDBERG/4352 (XC4.1)`` is a Conductor, ``(X8.7)`` a VCS or Expressway.
A product is one entry; the first pattern that is found counts.
"""

import functools
import re
from typing import NamedTuple

PRODUCTS = tuple(
    (re.compile(pattern, re.IGNORECASE), product)
    for pattern, product in (
        (r"^Cisco-CUCM", "CUCM"),
        (r"^Cisco-CSF", "Jabber"),
        (r"^Jabber\b|^Cisco-Jabber", "Jabber"),
        (r"^Cisco-SIPIPCommunicator", "Cisco IP Communicator"),
        (r"^Cisco-CP-?DX", "Cisco DX endpoint"),
        (r"^Cisco-CP", "Cisco IP phone"),
        (r"^Cisco-SIPGateway", "Cisco IOS gateway"),
        (r"^Cisco-L2SIP", "Webex"),
        (r"^Cisco-UCM", "CUCM"),
        (r"^Telepresence-#", "Cisco CTS endpoint"),
        (r"^Acano", "Cisco Meeting Server"),
        (r"^TANDBERG/[0-9]+ \(XC", "Conductor"),
        (r"^TANDBERG/[0-9]+ \(X[0-9]", "Expressway"),
        (r"^TANDBERG/[0-9]+ \((?:ce|RoomOS)", "CE endpoint"),
        (r"^TANDBERG/77[0-9] |^TANDBERG/[0-9]+ \(MCX", "Jabber Video"),
        (r"^TANDBERG/[0-9]+ \(TENC|^TANDBERG/25[6-9] ", "Cisco E20"),
        (r"^TANDBERG/[0-9]+ \(TC", "TC endpoint"),
        (r"^TANDBERG/[0-9]+ \(F[0-9]", "MXP endpoint"),
        (r"^TANDBERG/5[0-9]{2}\b", "TC endpoint"),
        (r"^TANDBERG\b", "TANDBERG"),
        (r"^Polycom ?HDX", "Polycom HDX"),
        (r"^Polycom ?RealPresence ?Group|^Poly(?:com)?/?G7500|^Poly(?:com)?Studio", "Poly video endpoint"),
        (r"^Polycom|^Poly[/ -]", "Poly phone"),
        (r"^Yealink VC|^Yealink MeetingBar|^Yealink A[0-9]{2}", "Yealink video endpoint"),
        (r"^Yealink", "Yealink phone"),
        (r"^AVer", "AVer endpoint"),
        (r"^Pexip", "Pexip"),
        (r"^Asterisk|^FPBX", "Asterisk"),
        (r"^FreeSWITCH", "FreeSWITCH"),
        (r"kamailio", "Kamailio"),
        (r"opensips", "OpenSIPS"),
        (r"^baresip", "baresip"),
        (r"^Linphone", "Linphone"),
        (r"^SIPp\b", "SIPp"),
        (r"^Avaya", "Avaya"),
        (r"^snom", "Snom phone"),
        (r"^Grandstream", "Grandstream"),
        (r"^Audiocodes", "AudioCodes"),
        (r"^Oracle|^Acme", "Oracle SBC"),
        (r"^Algo\b|^Algo-|^CyberData|^Valcom|^InformaCast|^Singlewire", "paging device"),
        (r"^RTCC/|^Microsoft|^UCCAPI/|^MediationServer", "Microsoft"),
    )
)
"""Pattern of the header, and the product."""

RELEASE = re.compile(
    r"^TANDBERG/[0-9]+ \((ce|RoomOS|TC|TE|XC|X|F|MCX)(?:NC)? ?([0-9]+(?:\.[0-9]+){0,2})", re.IGNORECASE
)
"""A TANDBERG header: letters of the software, and its version without the build."""
PHONES = frozenset(
    {"Cisco IP phone", "Cisco IP Communicator", "Poly phone", "Yealink phone", "Snom phone", "Grandstream"}
)
"""Desk phones: some have video, none shares presentations."""
DEVICES = PHONES | {"Jabber", "Jabber Video", "Cisco DX endpoint", "Cisco E20", "Linphone", "baresip"}
"""What stands on a desk or runs on one, and is switched off when nobody is there."""
BRIDGES = frozenset({"Conductor", "Cisco Meeting Server", "Pexip"})
"""Products that mix conferences."""
SERVERS = frozenset(
    {
        "CUCM",
        "Expressway",
        "Conductor",
        "Cisco IOS gateway",
        "Asterisk",
        "FreeSWITCH",
        "Kamailio",
        "OpenSIPS",
        "Avaya",
        "AudioCodes",
        "Oracle SBC",
        "Microsoft",
    }
)
"""Products that pass calls on, so that what they answer may be what somebody behind them said."""

LONGEST = 256
"""Characters of a header that are looked at."""


@functools.lru_cache(maxsize=1024)
def product(agent: str) -> str | None:
    """The product that sends *agent*; None for one that is not known."""
    shown = agent[:LONGEST]
    return next((name for pattern, name in PRODUCTS if pattern.search(shown)), None)


class Release(NamedTuple):
    """A release of the software of a codec, Expressway or Conductor."""

    software: str
    """``CE``, ``TC``, ``X`` … in capital letters."""
    version: tuple[int, ...]

    def __str__(self) -> str:
        return self.software + ".".join(map(str, self.version))


@functools.lru_cache(maxsize=1024)
def release(agent: str) -> Release | None:
    """The release that *agent* names; None for products that name none in a known way."""
    match = RELEASE.match(agent[:LONGEST])
    return None if match is None else Release(match[1].upper(), tuple(map(int, match[2].split("."))))


@functools.lru_cache(maxsize=1024)
def short_name(agent: str) -> str:
    """The header without trailing detail: the words before a comment, at most three."""
    words = agent[:LONGEST].split()
    kept: list[str] = []
    for word in words[:3]:
        if word.startswith("(") and kept:
            break
        kept.append(word)
    return " ".join(kept)
