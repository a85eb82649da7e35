"""The ``partials`` table: IP packets that never became whole, and what the beginning of each says.

A SIP message that is too long for one packet travels in fragments, and a single one that is lost, or refused by a
firewall because it carries no ports, takes the whole message with it. What came first still names it.
"""

import re
import struct
from collections.abc import Iterable

from collabtrace.capture.addresses import address
from collabtrace.capture.datagrams import SCTP, TCP, TRANSPORTS, UDP
from collabtrace.capture.fragments import Remains
from collabtrace.columns import Table
from collabtrace.errors import ParseError
from collabtrace.protocols import sip
from collabtrace.schema import Interface, Partial
from collabtrace.sessions.rows import Rows

_UDP_HEADER = struct.Struct("!HHHH")
_PORTS = struct.Struct("!HH")
_PORT_TEST = r"(?:(?:ip6?|tcp|udp|sctp)\s+)?(?:(?:src|dst)\s+)?port(?:range)?\s+\S+"
_ALL_BUT_PORTS = re.compile(rf"(?:\bnot\b|!)\s*(?:\([^()]*\)|{_PORT_TEST})")
"""What a filter leaves out: a packet without ports passes it (pcap-filter(7))."""
_FRAGMENT_TEST = re.compile(r"ip6?\s*\[\s*6\s*(?::\s*2\s*)?\]|ip6\s+proto\s+44|ip6\s+protochain")
"""Tests by which a filter lets later fragments in."""


def build(file: str, remains: Iterable[Remains], interfaces: Iterable[Interface]) -> Table[Partial]:
    """The packets in the order of their first frames."""
    filtered = any(names_ports(each.filter) for each in interfaces if each.filter)
    rows = Rows(Partial)
    for each in sorted(remains, key=lambda each: each.frames[0]):
        source_port, target_port, total = _transport(each)
        rows.add(
            file,
            each.frames[0],
            each.frames,
            each.time / 10**9,
            each.last / 10**9,
            address(each.source),
            source_port,
            address(each.target),
            target_port,
            TRANSPORTS.get(each.protocol, str(each.protocol)),
            each.ttl,
            each.fragments,
            sum(end - begin for begin, end in each.stretches),
            total,
            _missing(each),
            each.cut,
            filtered,
            *_message(each),
        )
    return rows.table()


def names_ports(capture_filter: str) -> bool:
    """Whether a capture filter asks for ports, and so passes no fragment but the first."""
    asked = _ALL_BUT_PORTS.sub("", capture_filter)
    return re.search(rf"\b{_PORT_TEST}", asked) is not None and _FRAGMENT_TEST.search(asked) is None


def _transport(remains: Remains) -> tuple[int | None, int | None, int | None]:
    """Both ports, and the bytes of the whole packet."""
    head, total = remains.head, remains.total
    if remains.protocol == UDP and len(head) >= _UDP_HEADER.size:
        source, target, length, _ = _UDP_HEADER.unpack_from(head)
        return source, target, total if total is not None or not length else length
    if remains.protocol in (TCP, SCTP) and len(head) >= _PORTS.size:
        return (*_PORTS.unpack_from(head), total)
    return None, None, total


def _missing(remains: Remains) -> tuple[str, ...]:
    """Which parts of the packet never came."""
    first, last = remains.stretches[0][0] > 0, remains.total is None
    return ("first",) * first + ("middle",) * (len(remains.stretches) > 1) + ("last",) * last


def _message(remains: Remains) -> tuple[str | int | None, ...]:
    """What the beginning says of the SIP message, as the last columns of the table want it."""
    if remains.protocol == UDP and remains.head:
        try:
            facts = sip.parse(remains.head[_UDP_HEADER.size :]).facts()
        except ParseError:
            pass
        else:
            return (facts.method, facts.status, facts.call_id, facts.cseq, facts.cseq_method, facts.request_uri,
                    facts.branch)  # fmt: skip
    return (None,) * 7
