"""A TLS handshake of a signalling connection failed.

## What it finds
A connection to a port of signalling (SIP over TLS, a traversal zone, HTTPS of an Expressway, CUCM or codec) whose TLS
handshake ends with a fatal alert, or on which one side hangs up or falls silent before the handshake is through.

## Why it matters
Without TLS there is no registration, no trunk, no traversal zone and no call. The users see "not registered", the
administrator "TLS negotiation failure", and the reason is in one packet.

## How it decides
An alert in the clear says by name what is wrong: `proved`. TLS 1.3 and the end of older handshakes encrypt alerts;
there a handshake counts as failed where a side sends an encrypted record that is an alert by its type or size, or hangs
up (FIN or RST), before the handshake is through: `likely`. A client that gives up after it waited 5 s for an answer
counts too. A handshake that stops for 10 s or more while the capture goes on is `possible`, and so is a server that
takes the handshake, is asked something, and hangs up within 2 s without a word. In TLS 1.3 nothing shows that a server
has taken the client's Finished until it sends something; so a server that hangs up later than 2 s after it proves
nothing.

A failure is no fault where the same client and server succeed within 5 s, as clients try older versions or other names.
Ports of signalling are 5060 to 5099 and 7000 to 7099, and any TLS port of a machine that speaks SIP in the case. On 443
and 8443 of other machines only alerts in the clear count, because browsers give up connections for many reasons.

## When it is wrong
A client that hangs up after its own Finished has what it wanted; monitoring does that all day, and it is no fault. A
`close_notify` is a farewell. A capture of one direction, one that lacks bytes of the handshake, or one that ends within
it, cannot tell.

## What to do next
1. `unknown_ca`, `bad_certificate`, `certificate_unknown`: the side that sends it does not trust the other's
   certificate. Load the issuing CA there: CUCM OS Administration › Security › Certificate Management
   (CallManager-trust); Expressway › Maintenance › Security › Trusted CA certificate.
2. `certificate_expired`: renew it (Certificate Management › Generate CSR; Expressway › Server certificate), and check
   the clocks (NTP) of both sides.
3. `handshake_failure` with a certificate request: the client has no certificate that the server accepts. Without one:
   no cipher in common; compare both lists (Expressway › Maintenance › Security › Ciphers; CUCM › Enterprise Parameters
   › TLS Ciphers). `protocol_version`: allow a TLS version in common.
4. `unrecognized_name`, or a certificate that does not name the host asked for: the subject alternative names must have
   the name that the other side uses (FQDN, TLS verify subject name of the traversal zone, X.509 Subject Name of the
   CUCM trunk).
5. Silence or a reset: capture at the other side. A firewall that inspects TLS, a lost large certificate (path MTU), or
   a port on which nobody speaks TLS.

## References
- RFC 8446 §6 (alerts), RFC 5246 §7.2
- RFC 5922 (names in certificates of SIP), RFC 6125
- Cisco Expressway, Certificate Creation and Use; Cisco Unified CM Security Guide
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from collabtrace.schema import Connection, Evidence, Handshake
from collabtrace.subjects import Sight, TlsPeers
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, rule, unknown

SIGNALLING = (range(5060, 5100), range(7000, 7100))
"""Ports of SIP over TLS and of traversal zones."""
WEB = frozenset({443, 8443})
"""Ports where browsers come and go."""
PATIENT_SECONDS = 5.0
"""Seconds after which a client that gives up has waited for an answer; servers answer within milliseconds."""
STALLED_SECONDS = 10.0
"""Seconds of silence in a handshake that is not going to go on."""
AT_ONCE_SECONDS = 2.0
"""Seconds within which a server that hangs up does so because of what it was shown."""
RETRY_SECONDS = 5.0
"""Seconds within which a client tries again in another way."""
SHOWN_NAMES, LONGEST = 4, 100
"""Names of a certificate that are told, and characters of each."""
FAREWELLS = frozenset({"close_notify", "user_canceled"})
"""Alerts that are no failure (RFC 8446 §6.1)."""
MEANINGS = {
    "unknown_ca": "it does not know the authority that issued the certificate",
    "bad_certificate": "it does not accept the certificate",
    "certificate_unknown": "it does not accept the certificate",
    "unsupported_certificate": "the certificate is not of a kind that it accepts",
    "certificate_expired": "it takes the certificate for expired",
    "certificate_revoked": "the certificate is revoked",
    "certificate_required": "it wants a certificate and got none",
    "no_certificate": "it has no certificate to show",
    "access_denied": "the certificate is valid, but not allowed",
    "handshake_failure": "it finds nothing acceptable in what was offered",
    "protocol_version": "it does not speak the TLS version offered",
    "insufficient_security": "the ciphers offered are too weak for it",
    "inappropriate_fallback": "the client offers less than it could",
    "unrecognized_name": "it is not the host that the client asked for",
    "no_application_protocol": "it speaks none of the application protocols offered",
    "decrypt_error": "a signature or key does not fit",
}


class Outcome(NamedTuple):
    """What became of one handshake."""

    handshake: Handshake
    failed: bool | None
    """None where the capture cannot tell."""
    why: str
    """As a sentence of its own; for None in words that can follow a "but"."""
    confidence: Confidence = Confidence.LIKELY
    frame: int | None = None
    """That proves it."""
    shows: str = ""


@rule(Severity.CRITICAL)
def tls_handshake_failed(peers: TlsPeers, sight: Sight) -> Iterator[Verdict]:
    """Judge the handshakes of one machine with one port of another."""
    named = any(peers.port in ports for ports in SIGNALLING) or peers.is_sip(peers.server)
    if not named and peers.port not in WEB:
        return
    outcomes = [_outcome(each, peers.connection(each), sight) for each in peers.handshakes]
    failed = [each for each in _lasting(outcomes) if named or each.confidence is Confidence.PROVED]
    if failed:
        order = list(Confidence)
        worst = min(failed, key=lambda each: order.index(each.confidence))
        if not _told_elsewhere(worst, peers, sight):
            yield _failing(peers, worst, len(failed), len(outcomes))
    elif any(each.failed is False for each in outcomes):
        yield clear(f"TLS of {peers.client} with {peers.server}:{peers.port} came about")
    elif named and outcomes:
        first = outcomes[0]
        yield unknown(f"the TLS handshake in frame {_first(first.handshake)} is not seen whole: {first.why}")


def _first(handshake: Handshake) -> int:
    return handshake.hello_frame or handshake.server_hello_frame or 0


def _outcome(handshake: Handshake, connection: Connection | None, sight: Sight) -> Outcome:
    """What became of one handshake, from what proves most to what proves least."""
    told = handshake.alert is not None and handshake.alert not in FAREWELLS and handshake.completed_frame is None
    if connection is not None and connection.ended is not None and _is_afterthought(handshake, connection):
        return _abandoned(handshake, connection, connection.ended)
    if told and handshake.alert_level == "fatal":
        return _alerted(handshake, Confidence.PROVED)
    if connection is None:
        return Outcome(handshake, None, "its connection is not known")
    if handshake.completed_frame is not None:
        return _completed(handshake, connection)
    if told and connection.ended is not None:
        return _alerted(handshake, Confidence.LIKELY)
    if handshake.hello_frame is None:
        return Outcome(handshake, None, "the capture lacks its beginning")
    if handshake.lossy:
        return Outcome(handshake, None, "the capture lacks bytes of it")
    if not connection.client_packets or not connection.server_packets:
        return Outcome(handshake, None, "the capture holds one direction only")
    if handshake.version == "TLS 1.3" and handshake.client_finished is not None:
        return _unconfirmed(handshake, connection, handshake.client_finished)
    if handshake.hidden_alert_frame is not None:
        return _hidden(handshake, handshake.hidden_alert_frame)
    if connection.ended is not None:
        return _abandoned(handshake, connection, connection.ended)
    return _stalled(handshake, connection, sight)


def _is_afterthought(handshake: Handshake, connection: Connection) -> bool:
    """Whether the client's alert only says that the server hung up instead of answering."""
    unanswered = handshake.server_hello_frame is None and handshake.alert_by == "client"
    return unanswered and connection.closed_by == "server" and (handshake.alert_frame or 0) > _end(connection)


def _hidden(handshake: Handshake, frame: int) -> Outcome:
    by = handshake.hidden_alert_by
    why = f"the {by} sends an encrypted alert before the handshake is through"
    return Outcome(handshake, failed=True, why=why, frame=frame, shows=f"an encrypted alert of the {by}")


def _unconfirmed(handshake: Handshake, connection: Connection, finished: float) -> Outcome:
    """TLS 1.3 after the client's Finished: only what the server does at once tells something."""
    frame, alerted = handshake.hidden_alert_frame, handshake.hidden_alerted
    if frame is not None and alerted is not None and handshake.hidden_alert_by == "server":
        if alerted - finished <= AT_ONCE_SECONDS:
            return _hidden(handshake, frame)
    elif connection.closed_by == "client":
        return Outcome(handshake, failed=False, why="the client was through and left")
    elif connection.ended is not None and connection.ended - finished <= AT_ONCE_SECONDS:
        return _abandoned(handshake, connection, connection.ended)
    return Outcome(handshake, None, "nothing shows whether the server took the client's Finished")


def _alerted(handshake: Handshake, confidence: Confidence) -> Outcome:
    name, by = handshake.alert or "", handshake.alert_by or ""
    meaning = MEANINGS.get(name, "")
    if name == "handshake_failure" and by == "server" and handshake.client_certificate_names == ():
        meaning = "it asked the client for a certificate, and the client has none to show"
    why = f"the {by} sends the alert {name}{f': {meaning}' if meaning else ''}"
    return Outcome(handshake, True, why, confidence, handshake.alert_frame, f"the {by} sends the alert {name}")


def _completed(handshake: Handshake, connection: Connection) -> Outcome:
    """A handshake that is through; a server may still hang up because of what it was shown."""
    fine = Outcome(handshake, failed=False, why="the handshake is through")
    asked = handshake.client_data_frame is not None and handshake.server_data_frame is None
    if not asked or connection.closed_by != "server" or connection.ended is None:
        return fine
    if connection.ended - handshake.last > AT_ONCE_SECONDS:
        return fine
    why = "the handshake is through, but the server hangs up at the client's first request, without an answer"
    return Outcome(handshake, True, why, Confidence.POSSIBLE, _end(connection), "the server hangs up")


def _end(connection: Connection) -> int:
    """The frame that ends a connection."""
    frames = (connection.client_fin_frame, connection.server_fin_frame, connection.reset_frame)
    return min((frame for frame in frames if frame), default=connection.last_frame)


def _abandoned(handshake: Handshake, connection: Connection, ended: float) -> Outcome:
    """One side hung up before the handshake was through."""
    by, waited = connection.closed_by or "", max(ended - handshake.last, 0.0)
    how = "resets the connection" if _end(connection) == connection.reset_frame else "hangs up"
    answered, turn = handshake.server_hello_frame is not None, _turn(handshake)
    if by == turn:
        seen = "when it has seen the server's certificate" if by == "client" else "when it has the client's Finished"
        before = seen if answered else "instead of answering the ClientHello"
        why = f"the {by} {how} {before}, {waited:.1f} s after the last message"
    elif waited >= PATIENT_SECONDS:
        why = f"the {by} {how} after waiting {waited:.1f} s for the {turn}"
    else:
        return Outcome(handshake, None, f"the {by} {how} {waited:.1f} s after its own message")
    return Outcome(handshake, True, why, frame=_end(connection), shows=f"the {by} {how}")


def _turn(handshake: Handshake) -> str:
    """Whose message is missing."""
    if handshake.server_hello_frame is None:
        return "server"
    return "client" if handshake.client_finished_frame is None else "server"


def _stalled(handshake: Handshake, connection: Connection, sight: Sight) -> Outcome:
    """Neither side hangs up, and nothing more comes."""
    reason = sight.time(handshake.file, handshake.started, handshake.last + STALLED_SECONDS)
    if reason:
        return Outcome(handshake, None, reason)
    turn = _turn(handshake)
    why = f"the handshake stops, as the {turn} says nothing more for {STALLED_SECONDS:.0f} s and longer"
    repeated = connection.server_repeated if turn == "client" else connection.client_repeated
    if repeated:
        why += f"; {repeated} segments to it are sent again, which large packets that get lost (path MTU) would explain"
    frame = handshake.server_hello_frame if turn == "client" else handshake.client_finished_frame
    return Outcome(handshake, True, why, Confidence.POSSIBLE, frame or handshake.hello_frame, "nothing follows this")


def _lasting(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The failures that no success follows at once."""
    good = [each.handshake.started for each in outcomes if each.failed is False]
    return [
        each
        for each in outcomes
        if each.failed and not any(0 <= time - each.handshake.started <= RETRY_SECONDS for time in good)
    ]


def _failing(peers: TlsPeers, worst: Outcome, failed: int, all_of_them: int) -> Verdict:
    handshake = worst.handshake
    said = f"TLS of {peers.client} with {peers.server}:{peers.port} fails"
    said += f" ({failed} of {all_of_them} handshakes)" if all_of_them > 1 else ""
    said += f": {worst.why}. {' '.join(_details(handshake))}"
    frame = worst.frame or _first(handshake)
    evidence = [Evidence(handshake.file, frame, worst.shows)]
    shown = (
        (handshake.hello_frame, "the ClientHello"),
        (handshake.server_hello_frame, "the ServerHello"),
        (handshake.certificate_frame, "the server's certificate"),
        (handshake.client_certificate_frame, "the client's certificate"),
    )
    for number, shows in shown:
        if number is not None and number not in {each.frame for each in evidence}:
            evidence.append(Evidence(handshake.file, number, shows))
    return fault(said.rstrip(), *evidence, confidence=worst.confidence)


def _details(handshake: Handshake) -> Iterator[str]:
    """What helps to see why."""
    offered = handshake.offered_version
    if handshake.version:
        yield f"The server chose {handshake.version} with {handshake.cipher}."
    elif offered:
        yield f"The client offers {offered} at most."
    names, host = handshake.certificate_names, handshake.server_name
    if names is not None:
        issued = f", issued by {handshake.issuer[:LONGEST]}" if handshake.issuer else ""
        yield f"The server's certificate names {_listed(names)}{issued}."
        if host and not any(_covers(name, host) for name in names):
            yield f"It does not name {host[:LONGEST]}, which the client asked for."
    if handshake.certificate_ends is not None and handshake.certificate_ends < handshake.started:
        yield f"It expired on {datetime.fromtimestamp(handshake.certificate_ends, UTC):%Y-%m-%d}."
    given = handshake.client_certificate_names
    if given:
        yield f"The client's certificate names {_listed(given)}."


def _listed(names: Sequence[str]) -> str:
    """The first few names of a certificate."""
    return ", ".join(name[:LONGEST] for name in names[:SHOWN_NAMES]) or "nobody"


def _covers(name: str, host: str) -> bool:
    """Whether a name of a certificate stands for a host (RFC 6125 §6.4)."""
    name, host = name.lower(), host.lower()
    return name == host or (name.startswith("*.") and name[1:] == host[host.find(".") :])


def _told_elsewhere(worst: Outcome, peers: TlsPeers, sight: Sight) -> bool:
    """Whether an earlier capture of the case shows the same handshake fail."""
    earlier = sight.earlier(peers.file)
    twins = (each for each in peers.twins(worst.handshake) if each.file in earlier)
    return any(_outcome(each, peers.connection(each), sight).failed for each in twins)
