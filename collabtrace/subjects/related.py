"""Which rows of the tables of a case belong together, each grouping made when it is first asked for."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np

from collabtrace.columns import MISSING
from collabtrace.sessions import framing
from collabtrace.sessions.case import Case
from collabtrace.sessions.negotiated import canonical
from collabtrace.sessions.products import product
from collabtrace.subjects import key_subscription
from collabtrace.subjects.key_subscription import KeySubscription

Key = TypeVar("Key", bound=Hashable)

REFUSED = frozenset({488, 606})
"""Responses that refuse a session description (RFC 3261 §21.4.26, §21.6.4)."""

NONE: Sequence[int] = ()
"""No row at all."""


class Related:
    """The rows of each table by the record that they belong to."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @cached_property
    def lines_of_leg(self) -> Mapping[int, Sequence[int]]:
        """Rows of ``media`` by the row of their dialog, round by round."""
        return _grouped(self.case.media.values("dialog_row"))

    @cached_property
    def streams_of_line(self) -> Mapping[int, Sequence[int]]:
        """Rows of ``streams`` by the row of their m-line."""
        return _grouped(self.case.streams.values("media_row"))

    @cached_property
    def floors_of_line(self) -> Mapping[int, Sequence[int]]:
        """Rows of ``floors`` by the row of their m-line."""
        return _grouped(self.case.floors.values("media_row"))

    @cached_property
    def digits_of_call_id(self) -> Mapping[str, Sequence[int]]:
        """Rows of ``digits`` by Call-ID."""
        return _grouped(self.case.digits.values("call_id"))

    @cached_property
    def key_subscriptions(self) -> Mapping[str, Sequence[KeySubscription]]:
        """The subscriptions to key presses by the Call-ID of the call that they are about."""
        return key_subscription.by_call_id(self.case, self.calls_of_id)

    @cached_property
    def has_statistics(self) -> bool:
        """Whether any message says what RTP its sender counted."""
        return any(each is not None for each in self.case.messages.columns["statistics"])

    @cached_property
    def rewrites_of_id(self) -> Mapping[str, Sequence[int]]:
        """Rows of ``rewrites`` by Call-ID."""
        return _grouped(self.case.rewrites.values("call_id"))

    @cached_property
    def sightings_of_id(self) -> Mapping[str, Sequence[int]]:
        """The messages that were seen at two places, by Call-ID."""
        call_id = self.case.messages.columns["call_id"]
        return _grouped(call_id[each.before] for each in self.case.sightings)

    @cached_property
    def reports_of_id(self) -> Mapping[str, Sequence[int]]:
        """Rows of ``reports`` by the Call-ID of a leg."""
        return _grouped(self.case.reports.values("call_id"))

    @cached_property
    def reports_about(self) -> Mapping[str, Sequence[int]]:
        """Rows of ``reports`` by the SSRC that they are about."""
        return _grouped(self.case.reports.values("about"))

    @cached_property
    def streams_of_ssrc(self) -> Mapping[str, Sequence[int]]:
        """Rows of ``streams`` by SSRC."""
        return _grouped(self.case.streams.values("ssrc"))

    @cached_property
    def lossy_streams(self) -> Mapping[tuple[str, str, str], Sequence[int]]:
        """Rows of ``streams`` that lack packets, by file and by the addresses that they went from and to."""
        table = self.case.streams
        ends = zip(*map(table.values, ("file", "source", "target")), strict=True)
        return _grouped(end if lost else None for end, lost in zip(ends, table.values("lost"), strict=True))

    @cached_property
    def floor_transactions_of_line(self) -> Mapping[int, Sequence[int]]:
        """Rows of ``floor_transactions`` by the row of their m-line."""
        return _grouped(self.case.floor_transactions.values("media_row"))

    @cached_property
    def floor_control(self) -> frozenset[int]:
        """Rows of ``dialogs`` in which any description has a BFCP m-line."""
        protocols, legs = self.case.media.values("protocol"), self.case.media.values("dialog_row")
        return frozenset(leg for leg, name in zip(legs, protocols, strict=True) if name.upper().endswith("BFCP"))

    @cached_property
    def flows_between(self) -> Mapping[frozenset[tuple[str, int]], Sequence[int]]:
        """Rows of ``flows`` over UDP by their two ends."""
        names = ("source", "source_port", "target", "target_port", "transport")
        ends = zip(*map(self.case.flows.values, names), strict=True)
        return _grouped(
            frozenset(((source, source_port), (target, target_port))) if transport == "udp" else None
            for source, source_port, target, target_port, transport in ends
        )

    @cached_property
    def connections_to(self) -> Mapping[tuple[str, int], Sequence[int]]:
        """Rows of ``connections`` by address and port of their server."""
        table = self.case.connections
        return _grouped(zip(table.values("server"), table.values("server_port"), strict=True))

    @cached_property
    def unreachables_of(self) -> Mapping[tuple[str, int], Sequence[int]]:
        """Rows of ``unreachables`` by the address and port that the packet in question went to."""
        table = self.case.unreachables
        return _grouped(zip(table.values("quoted_target"), table.values("quoted_target_port"), strict=True))

    @cached_property
    def transactions_of_leg(self) -> Mapping[tuple[str, str], Sequence[int]]:
        """Rows of ``transactions`` by file and Call-ID."""
        table = self.case.transactions
        return _grouped(zip(table.values("file"), table.values("call_id"), strict=True))

    @cached_property
    def products(self) -> frozenset[str]:
        """The products that any header of the case names; whose header it is only ``machines`` tells."""
        agents = set(self.case.messages.columns["user_agent"])
        return frozenset(known for agent in agents if agent and (known := product(agent)))

    @cached_property
    def machines(self) -> Mapping[str, frozenset[str]]:
        """The addresses of the machines of each product (``hosts.kind``)."""
        hosts = self.case.hosts
        found = _grouped(hosts.values("kind"))
        addresses = hosts.values("address")
        return {kind: frozenset(addresses[row] for row in rows) for kind, rows in found.items()}

    @cached_property
    def calls_of_end(self) -> Mapping[str, Sequence[int]]:
        """Rows of ``calls`` by the address of each end of their legs."""
        dialogs, calls = self.case.dialogs, self.case.calls.values("dialog_rows")
        callers, callees = dialogs.columns["caller"], dialogs.columns["callee"]
        found: defaultdict[str, list[int]] = defaultdict(list)
        for row, legs in enumerate(calls):
            for address in {end[leg] for leg in legs for end in (callers, callees)}:
                found[address].append(row)
        return dict(found)

    @cached_property
    def transactions_between(self) -> Mapping[tuple[str, str, str], Sequence[int]]:
        """Rows of ``transactions`` by file, client and server."""
        names = ("file", "source", "target")
        return _grouped(zip(*map(self.case.transactions.values, names), strict=True))

    @cached_property
    def transactions_like(self) -> Mapping[tuple[str, int, str, str | None], Sequence[int]]:
        """Rows of ``transactions`` by Call-ID, CSeq, method and branch: one transaction, everywhere it shows."""
        names = ("call_id", "cseq", "method", "branch")
        return _grouped(zip(*map(self.case.transactions.values, names), strict=True))

    @cached_property
    def handshakes_between(self) -> Mapping[tuple[str, int, str, int], Sequence[int]]:
        """Rows of ``handshakes`` by client, its port, server and its port."""
        names = ("client", "client_port", "server", "server_port")
        return _grouped(zip(*map(self.case.handshakes.values, names), strict=True))

    @cached_property
    def sip_machines(self) -> frozenset[str]:
        """The addresses that sent or received SIP."""
        return frozenset((*self.case.messages.values("source"), *self.case.messages.values("target")))

    @cached_property
    def repeats_of(self) -> Mapping[tuple[str, int], Sequence[int]]:
        """Rows of ``messages`` that were sent again, by file and frame of the first."""
        table = self.case.messages
        frames, file = table.numbers("retransmission_of"), table.values("file")
        rows = np.flatnonzero(frames != MISSING).tolist()
        found: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for row in rows:
            found[file[row], int(frames[row])].append(row)
        return dict(found)

    @cached_property
    def secured_lines(self) -> frozenset[int]:
        """Rows of ``media`` in which either side has to do with encryption: by its profile, or by its keys."""
        names = ("protocol", "offer_protocol", "security")
        columns = zip(*(self.case.media.columns[name] for name in names), strict=True)
        return frozenset(
            row
            for row, (protocol, offered, security) in enumerate(columns)
            if security is not None or "SAVP" in protocol.upper() or "SAVP" in (offered or "").upper()
        )

    @cached_property
    def extra_bytes(self) -> Mapping[int, float]:
        """Bytes by which the packets on an m-line are longer on average than its codec needs, by its row in ``media``.

        Only of those where they are longer at all.
        """
        found: dict[int, float] = {}
        extra = framing.extra_bytes(self.case.streams)
        lines = self.case.streams.numbers("media_row")
        for row in np.flatnonzero((extra > 0) & (lines != MISSING)).tolist():
            found[int(lines[row])] = max(found.get(int(lines[row]), 0.0), float(extra[row]))
        return found

    @cached_property
    def calls_of_parties(self) -> Mapping[tuple[str, str], Sequence[int]]:
        """Rows of ``calls`` by who called whom, in the order in which they began."""
        parties = zip(*map(self.case.calls.values, ("caller", "callee")), strict=True)
        return _grouped((caller, callee) if caller and callee else None for caller, callee in parties)

    @cached_property
    def refused_ids(self) -> frozenset[str]:
        """The Call-IDs of legs in which a session description was refused."""
        messages = self.case.messages
        rows = np.flatnonzero(np.isin(messages.numbers("status"), list(REFUSED))).tolist()
        call_ids = (messages.columns["call_id"][row] for row in rows)
        return frozenset(call_id for call_id in call_ids if call_id is not None)

    @cached_property
    def own_offers(self) -> Mapping[str, Sequence[int]]:
        """Rows of ``media`` by the machine that offered the line for itself: it wants the media at its own address."""
        source = self.case.messages.columns["source"]
        pairs = zip(*map(self.case.media.values, ("offer_row", "offer_address")), strict=True)
        return _grouped(
            source[row] if row is not None and address is not None and source[row] == canonical(address) else None
            for row, address in pairs
        )

    @cached_property
    def calls_of_id(self) -> Mapping[str, int]:
        """Rows of ``calls`` by the Call-ID of any leg."""
        ids = self.case.calls.values("call_ids")
        return {call_id: row for row, legs in enumerate(ids) for call_id in legs}


def _grouped(keys: Iterable[Key | None]) -> Mapping[Key, Sequence[int]]:
    found: defaultdict[Key, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        if key is not None:
            found[key].append(row)
    return dict(found)
