"""What the captures could have shown: asked by every rule that concludes something from what is not there.

Each question is answered with None where nothing speaks against having seen the thing, and else with the reason in
words that can follow "because". So a rule reads: ``reason = sight.between(…)``, and says ``unknown(reason)`` if there
is one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from collabtrace.schema import Capture, Connection, Flow, Message, Partial, Stream, Unreachable, Vantage
from collabtrace.sessions.case import Case
from collabtrace.sessions.connection_places import Places
from collabtrace.sessions.partials import names_ports

SLACK_SECONDS = 0.5
"""How much later than a time of interest a capture may begin, or earlier end: clocks and queues differ by that."""
NOTABLE_DROPS = 0.001
"""Share of packets that a capture may drop before an absence in it tells nothing."""

_NOWHERE: tuple[Places, list[int], list[int]] = (Places(()), [], [])
"""Of a file without connections."""


class Sight:
    """What the captures of one case could have shown."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @cached_property
    def _captures(self) -> Mapping[str, Capture]:
        return {capture.file: capture for capture in self.case.captures}

    @cached_property
    def _vantages(self) -> Mapping[tuple[str, str], Vantage]:
        return {(each.file, each.address): each for each in self.case.vantages}

    @cached_property
    def _sip_flows(self) -> Mapping[tuple[object, ...], int]:
        names = ("file", "source", "source_port", "target", "target_port", "transport")
        ends = zip(*map(self.case.flows.values, names), strict=True)
        protocols = self.case.flows.columns["protocol"]
        return {end: row for row, end in enumerate(ends) if protocols[row] == "sip"}

    @cached_property
    def sip_markings(self) -> frozenset[int]:
        """The DSCPs of all flows of SIP."""
        markings = self.case.flows.numbers("dscp")
        return frozenset(int(markings[row]) for row in self._sip_flows.values())

    def flow(self, message: Message) -> Flow | None:
        """The flow that a SIP message is of; None where it came through a WebSocket."""
        ends = (message.source, message.source_port, message.target, message.target_port, message.transport)
        row = self._sip_flows.get((message.file, *ends))
        return None if row is None else self.case.flows[row]

    @cached_property
    def _between(self) -> Mapping[tuple[str, frozenset[str]], list[int]]:
        found: defaultdict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
        flows = self.case.flows
        ends = zip(*map(flows.values, ("file", "source", "target")), strict=True)
        for row, (file, source, target) in enumerate(ends):
            found[file, frozenset((source, target))].append(row)
        return dict(found)

    @cached_property
    def _errors(self) -> Mapping[tuple[str, int | None], list[Unreachable]]:
        found: defaultdict[tuple[str, int | None], list[Unreachable]] = defaultdict(list)
        for error in self.case.unreachables:
            found[error.quoted_target, error.quoted_target_port].append(error)
        return dict(found)

    def capture(self, file: str) -> Capture:
        """The capture of that name."""
        return self._captures[file]

    def earlier(self, file: str) -> frozenset[str]:
        """The captures that were given before that one: what two of them show is told where the first shows it."""
        return self._earlier[file]

    @cached_property
    def _earlier(self) -> Mapping[str, frozenset[str]]:
        order = self.case.captures.values("file")
        return {file: frozenset(order[:place]) for place, file in enumerate(order)}

    def vantage(self, file: str, address: str) -> Vantage | None:
        """What the capture could show of a machine; None where it holds no packet of it."""
        return self._vantages.get((file, address))

    def is_near(self, file: str, address: str) -> bool:
        """Whether the capture was taken on the machine or its own link, as far as the TTL of its packets tells."""
        vantage = self.vantage(file, address)
        return vantage is not None and vantage.hops == 0

    def flows(self, file: str, one: str, other: str) -> tuple[Flow, ...]:
        """The flows between two machines, both ways, that the capture holds."""
        rows = self._between.get((file, frozenset((one, other))), ())
        return tuple(map(self.case.flows.__getitem__, rows))

    @cached_property
    def _arriving(self) -> Mapping[tuple[str, str], list[int]]:
        found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for row, place in enumerate(zip(*map(self.case.streams.values, ("file", "target")), strict=True)):
            found[place].append(row)
        return dict(found)

    def arriving(self, file: str, address: str) -> tuple[Stream, ...]:
        """The RTP streams to a machine, whoever sends them and whatever call they belong to."""
        return tuple(map(self.case.streams.__getitem__, self._arriving.get((file, address), ())))

    def unreachables(self, address: str, port: int | None) -> tuple[Unreachable, ...]:
        """The ICMP errors about packets to an endpoint, in all captures."""
        return tuple(self._errors.get((address, port), ()))

    def messages_of(self, call_id: str) -> tuple[Message, ...]:
        """The messages of one Call-ID in all captures, retransmissions among them."""
        return tuple(map(self.case.messages.__getitem__, self._messages.get(call_id, ())))

    @cached_property
    def _messages(self) -> Mapping[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for row, call_id in enumerate(self.case.messages.values("call_id")):
            if call_id is not None:
                found[call_id].append(row)
        return dict(found)

    def partials_of(self, call_id: str) -> tuple[Partial, ...]:
        """The IP packets that lack fragments and begin with a message of one Call-ID, in all captures."""
        return tuple(map(self.case.partials.__getitem__, self._partials.get(call_id, ())))

    @cached_property
    def _partials(self) -> Mapping[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for row, call_id in enumerate(self.case.partials.values("call_id")):
            if call_id is not None:
                found[call_id].append(row)
        return dict(found)

    @cached_property
    def registered(self) -> frozenset[tuple[str, str]]:
        """Machines that were seen to register (RFC 3261 §10), each with the one that it asked, in all captures."""
        columns = map(self.case.messages.values, ("method", "source", "target"))
        return frozenset(
            (source, target) for method, source, target in zip(*columns, strict=True) if method == "REGISTER"
        )

    def connection(self, message: Message) -> Connection | None:
        """The TCP connection that carried a message; None for other transports."""
        if message.transport not in ("tcp", "ws"):
            return None
        ends = (message.source, message.source_port, message.target, message.target_port)
        places, begins, rows = self._connections.get(message.file, _NOWHERE)
        row = places.latest(ends, begins, message.frame)
        return None if row is None else self.case.connections[rows[row]]

    @cached_property
    def _connections(self) -> Mapping[str, tuple[Places, list[int], list[int]]]:
        """By file: where connections are, their first frames, and their rows in the table."""
        table = self.case.connections
        names = ("client", "client_port", "server", "server_port")
        ends, frames = list(zip(*map(table.values, names), strict=True)), table.values("first_frame")
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for row, file in enumerate(table.values("file")):
            rows[file].append(row)
        return {
            file: (Places(ends[row] for row in those), [frames[row] for row in those], those)
            for file, those in rows.items()
        }

    def refusals(self, streams: Iterable[Stream]) -> list[Unreachable]:
        """The ICMP errors about RTP streams, each in the capture that shows the stream, in the order of time."""
        ends = {(each.file, each.source, each.target, each.target_port) for each in streams}
        errors = [
            error
            for file, source, target, port in ends
            for error in self.unreachables(target, port)
            if (error.file, error.quoted_source) == (file, source)
        ]
        return sorted(errors, key=lambda error: error.time_epoch)

    def time(self, file: str, begin: float, end: float) -> str | None:
        """Why the capture cannot show what was from *begin* to *end*: it began later, ended earlier, or has holes."""
        capture = self._captures[file]
        if capture.first is None or capture.last is None:
            return f"{file} holds no packet"
        if capture.first > begin + SLACK_SECONDS:
            return f"{file} begins {capture.first - begin:.1f} s too late to show it"
        if capture.last < end - SLACK_SECONDS:
            how = "is cut" if capture.truncated else "ends"
            return f"{file} {how} {end - capture.last:.1f} s too early to show it"
        return self.holes(file)

    def holes(self, file: str) -> str | None:
        """Why a packet that is not in the capture may have been on the network all the same."""
        capture = self._captures[file]
        if capture.dropped and capture.dropped > NOTABLE_DROPS * capture.packets:
            return f"{file} dropped {capture.dropped} packets by its own statistics"
        return None

    def left_out(self, file: str, transport: str) -> str | None:
        """Why packets of one conversation may be missing though others of the two machines are there: by a filter."""
        if any(each.filter and names_ports(each.filter) for each in self.case.interfaces if each.file == file):
            return f"the capture filter of {file} names ports"
        if transport == "tcp" and (file, "tcp") not in self._transports:
            return f"{file} holds no TCP at all"
        return None

    @cached_property
    def _transports(self) -> frozenset[tuple[str, str]]:
        return frozenset(zip(*map(self.case.flows.values, ("file", "transport")), strict=True))

    def between(self, file: str, one: str, other: str) -> str | None:
        """Why the capture may not see packets between two machines at all."""
        if self.flows(file, one, other):
            return None
        ends = [address for address in (one, other) if self.is_near(file, address)]
        if ends:
            return None
        return f"{file} holds no packet between {one} and {other}, so it may not be on their path"

    def towards(self, file: str, source: str, target: str) -> str | None:
        """Why the capture may not see packets from *source* to *target*, as the two ways may differ."""
        if any(flow.source == source for flow in self.flows(file, source, target)):
            return None
        if self.is_near(file, source) or self.is_near(file, target):
            return None
        return f"{file} holds no packet from {source} to {target}, so it may not be on their path"

    def hears(self, file: str, address: str) -> str | None:
        """Why the capture may not see what reaches a machine: nothing in it does, as at a port mirrored one way."""
        vantage = self.vantage(file, address)
        if vantage is not None and vantage.received:
            return None
        return f"{file} holds no packet to {address}, so it would not show an answer either"

    def sealed(self, file: str, address: str, *ports: int) -> str | None:
        """Why signalling of a machine may be hidden: it has TLS flows, on any of *ports* where some are given."""
        vantage = self.vantage(file, address)
        if vantage is None:
            return None
        hidden = [port for port in vantage.sealed if not ports or port in ports]
        return f"{address} also speaks TLS (port {hidden[0]}), which {file} cannot show" if hidden else None
