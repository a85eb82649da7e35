"""The TLS and DTLS handshakes of a file: of every connection its beginning is read, no more than it takes.

A handshake is read until both sides send data, or one has sent so much that nothing is to be expected any more. What
comes later is encrypted, and costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from collabtrace.capture.packets import Flows
from collabtrace.capture.tcp import Piece
from collabtrace.capture.timestamps import SECOND
from collabtrace.columns import Table
from collabtrace.errors import ParseError
from collabtrace.protocols.tls import messages, numbers, records
from collabtrace.schema import Connection, Handshake
from collabtrace.sessions.connection_places import Ends, Places, either_way
from collabtrace.sessions.rows import Rows
from collabtrace.sessions.tls_exchange import Exchange, Moment

MOST_BYTES = 64 * 1024
"""Bytes of one direction that are read: handshakes with long chains of certificates take some 10 KiB."""
FORGOTTEN = 60 * SECOND
"""Without a packet of DTLS for so long no retransmission is waited for any more (RFC 6347 §4.2.4.1), in nanoseconds."""


@dataclass(slots=True)
class _Direction:
    """The bytes of one direction of a TCP connection, cut into records."""

    framer: records.RecordFramer[Moment] = field(default_factory=records.RecordFramer)
    read: int = 0


class Handshakes:
    """The handshakes of one file while it is read."""

    def __init__(self, flows: Flows) -> None:
        """Begin without any; *flows* are those of what will be fed."""
        self._flows = flows
        self._found: list[Exchange] = []
        self._open: dict[tuple[str, Ends], Exchange] = {}
        """The latest by transport and ends, either way."""
        self._directions: dict[int, _Direction] = {}
        self._parts: dict[tuple[int, int], bytearray] = {}
        """Messages of DTLS that are not whole, by flow and number."""

    def begin(self, flow: int) -> None:
        """Begin to read a flow of TCP, from the first piece that is fed from now on."""
        self._directions[flow] = _Direction()

    def reads(self, flow: int) -> bool:
        """Whether a flow of TCP is read."""
        return flow in self._directions

    def feed(self, flow: int, piece: Piece) -> bool:
        """Take bytes of TCP; False when no more are wanted of that flow."""
        direction = self._directions[flow]
        exchange = self._exchange(flow, piece.time)
        if piece.gap_before and direction.read:
            direction.framer.gap()
            exchange.side(flow).pending.clear()
            exchange.lossy = True
        direction.read += len(piece.data)
        for data, at in direction.framer.push(piece.data, (piece.frame, piece.time)):
            record = records.parse(data)
            if _is_another(exchange, flow, record):
                exchange = self._renew(flow, at[1])
            exchange.read(flow, record.type, record.fragment, at)
        exchange.lossy |= direction.framer.lost
        return not exchange.is_over and not direction.framer.lost and direction.read < MOST_BYTES

    def end(self, flow: int) -> None:
        """A SYN was sent in *flow*: what follows is another connection, unless it is the same SYN again."""
        self._directions.pop(flow, None)
        exchange = self._open.get(self._key(flow))
        if exchange is not None and (exchange.is_client(flow) or exchange.server_hello_frame is not None):
            del self._open[self._key(flow)]

    def datagram(self, flow: int, frame: int, time: int, data: bytes) -> None:
        """Take one datagram of DTLS."""
        try:
            found = records.datagram(data)
        except ParseError:
            return
        for record in found:
            exchange = self._exchange(flow, time)
            sealed = record.epoch > 0
            if record.type == numbers.HANDSHAKE and not sealed:
                exchange = self._datagram_messages(exchange, flow, record.fragment, (frame, time))
            exchange.read(flow, record.type, record.fragment, (frame, time), sealed=sealed)

    def _datagram_messages(self, exchange: Exchange, flow: int, fragment: bytes, at: Moment) -> Exchange:
        """Read the messages of a record; the exchange that it is of, which a ClientHello may have begun anew."""
        try:
            parts = messages.parts(fragment)
        except ParseError:
            exchange.lossy = True
            return exchange
        for part in parts:
            is_over = exchange.completed_frame is not None or at[1] - exchange.last > FORGOTTEN
            if part.type == numbers.CLIENT_HELLO and is_over:
                exchange = self._renew(flow, at[1])
            buffer = self._parts.setdefault((flow, part.number), bytearray())
            if not part.offset:
                buffer.clear()
            if part.offset == len(buffer) and part.length <= MOST_BYTES:
                buffer += part.fragment
            if len(buffer) == part.length:
                del self._parts[flow, part.number]
                message = messages.Handshake(part.type, bytes(buffer))
                exchange.message(flow, message, at[0], datagram=True)
        return exchange

    def _exchange(self, flow: int, time: int) -> Exchange:
        key = self._key(flow)
        exchange = self._open.get(key)
        return self._new(key, flow, time) if exchange is None else exchange

    def _renew(self, flow: int, time: int) -> Exchange:
        return self._new(self._key(flow), flow, time)

    def _new(self, key: tuple[str, Ends], flow: int, time: int) -> Exchange:
        exchange = self._open[key] = Exchange(flow, time, time)
        self._found.append(exchange)
        return exchange

    def _key(self, flow: int) -> tuple[str, Ends]:
        return self._flows.transport[flow], either_way(_ends(self._flows, flow))

    def table(self, file: str, connections: Table[Connection]) -> Table[Handshake]:
        """The handshakes in the order in which they began; connections that were open already are none."""
        names = ("client", "client_port", "server", "server_port")
        places = Places(zip(*map(connections.values, names), strict=True))
        begins = connections.values("first_frame")
        rows = Rows(Handshake)
        for each in sorted(self._found, key=lambda each: each.started):
            first = each.hello_frame or each.server_hello_frame
            if first is not None:
                _add(rows, file, each, self._flows, _row(each, first, self._flows, places, begins))
        return rows.table()


def _is_another(exchange: Exchange, flow: int, record: records.Record) -> bool:
    """Whether a ClientHello begins another handshake, on a connection whose SYN the capture lacks."""
    is_hello = record.type == numbers.HANDSHAKE and record.fragment[:1] == bytes([numbers.CLIENT_HELLO])
    known = exchange.hello_frame is not None and not exchange.is_retried
    return is_hello and known and not exchange.side(flow).sealed and not exchange.side(flow).pending


def _ends(flows: Flows, flow: int) -> Ends:
    return flows.source[flow], flows.source_port[flow], flows.target[flow], flows.target_port[flow]


def _row(each: Exchange, frame: int, flows: Flows, places: Places, begins: Sequence[int]) -> int | None:
    return places.latest(_ends(flows, each.flow), begins, frame) if flows.transport[each.flow] == "tcp" else None


def _add(rows: Rows[Handshake], file: str, each: Exchange, flows: Flows, connection: int | None) -> None:
    ends = _ends(flows, each.flow)
    given, alert = each.certificate, each.alert
    rows.add(
        file,
        flows.transport[each.flow],
        *(ends if each.is_client(each.flow) else (*ends[2:], *ends[:2])),
        each.started / 10**9,
        each.last / 10**9,
        each.hello_frame,
        each.server_name,
        None if each.offered_version is None else numbers.version_name(each.offered_version),
        each.offered_protocols,
        each.server_hello_frame,
        None if each.version is None else numbers.version_name(each.version),
        None if each.cipher is None else numbers.cipher_name(each.cipher),
        each.protocol,
        each.certificate_frame,
        given and given.names,
        given and given.ends,
        given and given.issuer,
        each.request_frame,
        each.client_certificate_frame,
        each.client_names,
        *_moment(each.alert_at),
        each.alert_by,
        alert and numbers.LEVELS[alert.level],
        alert and alert.name,
        *_moment(each.client.finished),
        each.server.finished and each.server.finished[0],
        each.completed_frame,
        *_moment(each.hidden_at),
        each.hidden_by,
        each.client.data,
        each.server.data,
        each.lossy,
        connection,
    )


def _moment(at: Moment | None) -> tuple[int | None, float | None]:
    """Frame, and time in seconds."""
    return (None, None) if at is None else (at[0], at[1] / 10**9)
