"""A desktop client cannot reach a codec by HTTPS.

## What it finds
Connections to port 443 of a video codec, by which Proximity pairs and shares a desktop, that are refused, or that get
no answer, or that a device on the way reports as unreachable.

## Why it matters
The client hears the codec's ultrasound and offers to pair, but pairing fails or never ends, and nothing can be shared
without a cable. Nothing of that shows in the SIP of the codec.

## How it decides
A machine is a codec where its SIP says so (CE and TC endpoints). Of each client all attempts count together: what the
last one came to is judged, so that a connection makes earlier failures good. It is `proved` by a RST in answer to the
SYN and by an ICMP error; `likely` where the client sent three SYNs or more, as it does only if it hears no answer
(RFC 9293 §3.8.1: usually 1 and 3 s later), whether the capture shows an answer or not. Call servers and other codecs
speak HTTPS with codecs too and are no desktop clients: what the SIP of the case shows as one of them is left out.

## When it is wrong
Whether the client is Proximity cannot be seen before TLS: it may be a browser with the codec's web page, or TMS, which
fail the same way. Fewer than three SYNs, or a capture that ends right after them, cannot tell. A TLS handshake that
fails is `tls-handshake-failed`; a Proximity Mode that is off may also show as an HTTP error, which is encrypted.

## What to do next
1. Refused: the codec does not listen. xConfiguration Proximity Mode: On, xConfiguration NetworkServices HTTP Mode:
   HTTP+HTTPS, and look at xStatus Proximity Services Availability.
2. No answer: the network of the client does not reach the codec. Guest Wi-Fi and mobile clients are often in a VLAN
   that may not; permit TCP 443 from there to the codecs.
3. An ICMP error names the device that refuses: look at its access list.
4. Try the codec's web page from the same laptop: what the browser gets, Proximity gets.

## References
- Cisco Proximity, network requirements: TCP 443 from client to codec
- RFC 9293 §3.5 (SYN, RST), RFC 1122 §4.2.3.5 (retransmission of SYN)
- RFC 792, RFC 4443 (destination unreachable)
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from collabtrace.schema import Connection, Evidence, Unreachable
from collabtrace.subjects import Recording, Sight
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, rule, unknown

HTTPS = 443
CODECS = frozenset({"CE endpoint", "TC endpoint"})
"""Kinds of machines that Proximity pairs with."""
SYNS = 3
"""SYNs that a client sends only if it gets no answer."""
TRIED_SECONDS = 3.0
"""Seconds until the third of them at least."""
SERVERS = frozenset({"CUCM", "Expressway", "Conductor", "Cisco Meeting Server", "Cisco IOS gateway", "Webex"})
"""Kinds of machines that manage codecs, or call them."""


@rule(Severity.MAJOR)
def proximity_unreachable(recording: Recording, sight: Sight) -> Iterator[Verdict]:
    """Judge the HTTPS of the clients of every codec in one capture file."""
    kinds = {host.address: host.kind for host in sight.case.hosts if host.kind is not None}
    codecs = {address for address, kind in kinds.items() if kind in CODECS}
    if not codecs:
        return
    tries: defaultdict[tuple[str, str], list[Connection]] = defaultdict(list)
    for each in recording.connections_to(codecs, HTTPS):
        if kinds.get(each.client) not in CODECS | SERVERS:
            tries[each.client, each.server].append(each)
    for (client, codec), connections in tries.items():
        if _reached(connections[-1]):
            yield clear(f"{client} reaches {codec} on port {HTTPS}")
        elif not _told_elsewhere(connections[-1], sight):
            yield _judge(connections, sight)


def _reached(connection: Connection) -> bool:
    """Whether the client got its connection, or may still get it."""
    return connection.state in ("established", "mid") or (connection.state == "half-open" and connection.syns < SYNS)


def _judge(connections: Sequence[Connection], sight: Sight) -> Verdict:
    failed = [each for each in connections if not _reached(each)]
    last = failed[-1]
    attempts = "tried once" if len(failed) == 1 else f"tried {len(failed)} times"
    said = f"{last.client} {attempts} to connect to port {HTTPS} of the codec {last.server}"
    told = next((each for each in failed if each.unreachable_frame is not None), None)
    error = None if told is None else _error(told, sight)
    refused = next((each for each in failed if each.refused_frame is not None), None)
    if told is not None and error is not None:
        said += f", and {error.source} reported by ICMP that it cannot (type {error.type}, code {error.code})"
        shown = Evidence(error.file, error.frame, f"{error.source} reports the codec as unreachable")
        return fault(f"{said}.{_if_proximity()}", shown, *_syns([told]), display_filter=_filter(last))
    if refused is not None and refused.refused_frame is not None:
        said += ", and was refused: the codec, or a firewall in its name, answers with RST"
        shown = Evidence(refused.file, refused.refused_frame, "the SYN is answered with RST")
        return fault(f"{said}.{_if_proximity()}", shown, *_syns([refused]), display_filter=_filter(last))
    syns, seconds = sum(each.syns for each in failed), (last.last_syn or last.first) - failed[0].first
    if syns < SYNS or seconds < TRIED_SECONDS:
        reason = sight.time(last.file, failed[0].first, failed[0].first + TRIED_SECONDS)
        return unknown(f"{said} with {syns} SYN, and got no answer, but {reason or 'gave up too soon to tell'}")
    answered = next((each for each in failed if each.synack_frame is not None), None)
    said += f" with {syns} SYN in {seconds:.0f} s, and "
    said += f"the answer in frame {answered.synack_frame} did not reach it" if answered else "got no answer"
    return fault(
        f"{said}.{_if_proximity()}", *_syns(failed), confidence=Confidence.LIKELY, display_filter=_filter(last)
    )


def _if_proximity() -> str:
    return " A Proximity client that cannot do that neither pairs nor shares."


def _syns(connections: Sequence[Connection]) -> Iterator[Evidence]:
    for each in (connections[0], connections[-1])[: len(connections)]:
        if each.syn_frame is not None:
            times = f", {each.syns} times" if each.syns > 1 else ""
            yield Evidence(each.file, each.syn_frame, f"{each.client} asks for a connection{times}")


def _error(connection: Connection, sight: Sight) -> Unreachable | None:
    """The ICMP error about a connection."""
    errors = sight.unreachables(connection.server, connection.server_port)
    return next((e for e in errors if e.file == connection.file and e.frame == connection.unreachable_frame), None)


def _filter(connection: Connection) -> str:
    version = "ipv6" if ":" in connection.client else "ip"
    ends = f"{version}.addr == {connection.client} && {version}.addr == {connection.server}"
    return f"{ends} && (tcp.port == {HTTPS} || icmp || icmpv6)"


def _told_elsewhere(connection: Connection, sight: Sight) -> bool:
    """Whether an earlier capture of the case shows the same client fail."""
    earlier = sight.earlier(connection.file)
    if not earlier:
        return False
    return any(
        (each.client, each.server, each.server_port) == (connection.client, connection.server, HTTPS)
        and each.file in earlier
        and not _reached(each)
        for each in sight.case.connections
    )
