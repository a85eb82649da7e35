"""The ``connections`` table, from what was counted of each connection."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import Flows
from collabtrace.capture.timestamps import in_seconds
from collabtrace.columns import MISSING, Table
from collabtrace.schema import Connection, Unreachable
from collabtrace.sessions.connection_places import Places
from collabtrace.sessions.undelivered import undelivered

SIGNALLING_PORTS = (5060, 5061, 5062, 5065, 5090, 5091, 1720, 1935, 8443)
"""Ports above 1023 at which servers of this field listen, and which neither end chose by chance."""


def build(
    file: str,
    flows: Flows,
    records: NDArray[Any],
    carried: Iterable[tuple[int, int, str]],
    unreachables: Iterable[Unreachable],
) -> Table[Connection]:
    """The connections in the order in which they began.

    *records* are those of ``connection_counters``; *carried* says of flow and frame what was recognised there.
    """
    records = records[np.argsort(records["first_frame"], kind="stable")]
    client, told_by = _clients(records, flows)
    one, other = (client, 1 - client)
    rows = np.arange(len(records))

    def of(name: str, side: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.asarray(records[name][rows, side])

    source, source_port, target, target_port = _ends(records, flows, client)
    answer_frame, answer = of("answer_frame", other), of("answer", other)
    crossed = (answer_frame == 0) & (of("syn_frame", one) > 0) & (of("syn_frame", other) > 0)
    answer_frame = np.where(crossed, of("syn_frame", other), answer_frame)
    answer = np.where(crossed, of("syn", other), answer)
    syn_frame, heard = of("syn_frame", one), of("plain", other) > 0
    took = of("plain", one) > 0
    refused = (syn_frame > 0) & (answer_frame == 0) & ~heard & ~took & (of("reset_frame", other) > 0)
    state = _states(syn_frame > 0, answer_frame > 0, refused, took=took, heard=heard)
    ender, ended = _ender(records, client)
    reset_frame, reset_by = _reset(records, client, refused)
    places = Places(zip(source, source_port.tolist(), target, target_port.tolist(), strict=True))
    first = in_seconds(records["first"])
    return Table(
        Connection,
        {
            "file": [file] * len(records),
            "client": source,
            "client_port": source_port,
            "server": target,
            "server_port": target_port,
            "told_by": told_by,
            "state": state,
            "protocol": _protocols(places, records["first_frame"].tolist(), flows, carried),
            "syn_frame": _known(syn_frame),
            "syns": of("syns", one),
            "last_syn": _when(of("last_syn", one), syn_frame > 0),
            "synack_frame": _known(answer_frame),
            "answered": _when(answer, answer_frame > 0),
            "refused_frame": np.where(refused, of("reset_frame", other), MISSING),
            "unreachable_frame": _errors(places, first.tolist(), unreachables),
            "client_fin_frame": _known(of("fin_frame", one)),
            "server_fin_frame": _known(of("fin_frame", other)),
            "reset_frame": reset_frame,
            "reset_by": reset_by,
            "closed_by": ender,
            "ended": ended,
            "first_frame": records["first_frame"],
            "last_frame": records["last_frame"],
            "first": first,
            "last": in_seconds(records["last"]),
            "client_packets": of("packets", one),
            "server_packets": of("packets", other),
            "client_bytes": of("bytes", one),
            "server_bytes": of("bytes", other),
            "client_repeated": of("repeated", one),
            "server_repeated": of("repeated", other),
        },
    )


def _clients(records: NDArray[Any], flows: Flows) -> tuple[NDArray[np.int64], list[str]]:
    """The side that is the client, and what tells it: who sent a SYN, who answered one, else the ports."""
    never = np.iinfo(np.int64).max
    syn = np.where(records["syn_frame"] > 0, records["syn_frame"], never)
    answer = np.where(records["answer_frame"] > 0, records["answer_frame"], never)
    by_syn, by_answer = syn.min(axis=1) < never, answer.min(axis=1) < never
    guessed = [_guess(flows.source_port[flow], flows.target_port[flow]) for flow in records["conversation"].tolist()]
    client = np.where(by_syn, syn.argmin(axis=1), np.where(by_answer, 1 - answer.argmin(axis=1), guessed))
    told = np.select([by_syn, by_answer], ["syn", "syn-ack"], "ports").tolist()
    return client.astype(np.int64), told


def _guess(first_port: int, second_port: int) -> int:
    """The side whose port is less like that of a server; side 0 was seen first and has the first port."""

    def rank(port: int) -> tuple[bool, int]:
        return port >= 1024 and port not in SIGNALLING_PORTS, port

    return int(rank(first_port) < rank(second_port))


def _ends(
    records: NDArray[Any], flows: Flows, client: NDArray[np.int64]
) -> tuple[list[str], NDArray[np.int64], list[str], NDArray[np.int64]]:
    """Address and port of client and server."""
    flow = records["conversation"].tolist()
    turned = client.tolist()
    near = [(flows.target if turn else flows.source)[each] for each, turn in zip(flow, turned, strict=True)]
    far = [(flows.source if turn else flows.target)[each] for each, turn in zip(flow, turned, strict=True)]
    ports = np.array([(flows.source_port[each], flows.target_port[each]) for each in flow], np.int64).reshape(-1, 2)
    rows = np.arange(len(flow))
    return near, ports[rows, client], far, ports[rows, 1 - client]


def _states(
    syn: NDArray[np.bool_],
    answer: NDArray[np.bool_],
    refused: NDArray[np.bool_],
    *,
    took: NDArray[np.bool_],
    heard: NDArray[np.bool_],
) -> list[str]:
    """How far each connection came.

    A client that goes on after its SYN *took* an answer, and a server that is *heard* gave one, even where the capture
    lacks it.
    """
    opened = (syn | answer) & (took | heard)
    choices = [opened, answer, refused, syn]
    states: list[str] = np.select(choices, ["established", "half-open", "refused", "unanswered"], "mid").tolist()
    return states


def _ender(records: NDArray[Any], client: NDArray[np.int64]) -> tuple[list[str | None], NDArray[np.float64]]:
    """Who sent the first FIN or RST of each connection, and when."""
    frames = np.stack([records["fin_frame"], records["reset_frame"]], axis=1).reshape(-1, 4)
    times = np.stack([records["fin"], records["reset"]], axis=1).reshape(-1, 4)
    first = np.where(frames > 0, frames, np.iinfo(np.int64).max).argmin(axis=1)
    rows = np.arange(len(records))
    there = frames[rows, first] > 0
    return _sides(first % 2, client, there), _when(times[rows, first], there)


def _reset(
    records: NDArray[Any], client: NDArray[np.int64], refused: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], list[str | None]]:
    """The first RST of each connection, and who sent it; not one that refuses it."""
    frames = records["reset_frame"]
    first = np.where(frames > 0, frames, np.iinfo(np.int64).max).argmin(axis=1)
    frame = frames[np.arange(len(records)), first]
    there = (frame > 0) & ~refused
    return np.where(there, frame, MISSING), _sides(first, client, there)


def _sides(side: NDArray[np.int64], client: NDArray[np.int64], there: NDArray[np.bool_]) -> list[str | None]:
    names = np.where(side == client, "client", "server").tolist()
    return [name if known else None for name, known in zip(names, there.tolist(), strict=True)]


def _known(frames: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(frames > 0, frames, MISSING)


def _when(times: NDArray[np.int64], there: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.where(there, in_seconds(times), np.nan)


def _protocols(
    places: Places, begins: Sequence[int], flows: Flows, carried: Iterable[tuple[int, int, str]]
) -> list[str | None]:
    """What each connection carries, as it was recognised first."""
    found: list[str | None] = [None] * len(begins)
    for flow, frame, name in carried:
        ends = (flows.source[flow], flows.source_port[flow], flows.target[flow], flows.target_port[flow])
        row = places.latest(ends, begins, frame)
        if row is not None and found[row] is None:
            found[row] = name
    return found


def _errors(places: Places, begins: Sequence[float], unreachables: Iterable[Unreachable]) -> list[int | None]:
    """The frame of the first error about each connection."""
    found: list[int | None] = [None] * len(begins)
    for error in unreachables:
        if error.quoted_transport != "tcp" or not undelivered(error.quoted_source, error.type, error.code):
            continue
        ends = (error.quoted_source, error.quoted_source_port, error.quoted_target, error.quoted_target_port)
        row = places.latest(ends, begins, error.time_epoch)
        if row is not None and found[row] is None:
            found[row] = error.frame
    return found
