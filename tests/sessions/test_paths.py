"""Media paths: what was agreed, and what was seen of it."""

from typing import Any

from collabtrace.columns import Table, kinds
from collabtrace.schema import Flow, Path, Stream, Unreachable
from collabtrace.sessions import calls, dialogs, media, paths
from collabtrace.testing.conversation import MACHINES, conversation

ALICE, BOB, RELAY, NAT = (MACHINES[name] for name in ("alice", "bob", "relay", "proxy"))

CALL = """
    0.0 alice bob   INVITE     1 a   sdp="audio 4000 RTP/AVP 0"
    0.1 bob   alice 200/INVITE 1 a>b sdp="audio 5000 RTP/AVP 0"
"""


def stream(source: str, target: str, media_row: int | None = 0, **values: Any) -> Stream:
    """A stream from ``address:port`` to ``address:port``: 100 packets, one lost, unless *values* say otherwise."""
    blank: dict[str, Any] = {
        name: None if kind.optional or kind.dtype is None else 0 for name, kind in kinds(Stream).items()
    }
    (from_, from_port), (to, to_port) = source.split(":"), target.split(":")
    ends = {"source": from_, "source_port": int(from_port), "target": to, "target_port": int(to_port)}
    said = {"file": "inside.pcap", "packets": 100, "lost": 1, "first_frame": 9, "media_row": media_row}
    return Stream(**(blank | ends | said | values))


def build(lines: str, *streams: Stream, flows: tuple[Flow, ...] = ()) -> Table[Path]:
    said = conversation(lines)
    legs = dialogs.build(said.messages)
    table = media.build(said.messages, legs, said.body)
    found = calls.build(said.messages, legs, table, Table.empty(Unreachable), said.sip)
    return paths.build(found, calls.number(legs, found), table, Table.of(Stream, streams), Table.of(Flow, flows))


def ways(found: Table[Path]) -> list[tuple[str, bool, int]]:
    """Ends, whether agreed, and packets of each path."""
    return [
        (f"{each.sender}:{each.sender_port} > {each.receiver}:{each.receiver_port}", each.agreed, each.packets)
        for each in found
    ]


def test_each_direction_of_a_line_is_a_path() -> None:
    forth, back = build(CALL, stream(f"{ALICE}:4000", f"{BOB}:5000"))
    assert (forth.sender, forth.sender_port, forth.receiver, forth.receiver_port) == (ALICE, 4000, BOB, 5000)
    assert (forth.agreed, forth.packets, forth.lost, forth.first_frame, forth.stream_rows) == (True, 100, 1, 9, (0,))
    assert (back.sender, back.receiver, back.agreed, back.packets, back.lost) == (BOB, ALICE, True, 0, None)
    assert (back.first_frame, back.stream_rows, back.media_row, back.call, back.call_id) == (1, (), 0, 1, "call-1")
    assert (back.kind, back.protocol) == ("audio", "RTP/AVP")


def test_hold_lets_media_flow_one_way() -> None:
    held = (
        CALL
        + """
        5.0 alice bob   INVITE     2 a>b sdp="audio 4000 RTP/AVP 0,sendonly"
        5.1 bob   alice 200/INVITE 2 a>b sdp="audio 5000 RTP/AVP 0,recvonly"
    """
    )
    assert ways(build(held)) == [
        (f"{ALICE}:4000 > {BOB}:5000", True, 0),
        (f"{BOB}:5000 > {ALICE}:4000", False, 0),
    ]


def test_a_refused_offer_changes_no_path() -> None:
    refused = (
        CALL
        + """
        5.0 alice bob   INVITE     2 a>b sdp="audio 4000 RTP/AVP 0,inactive"
        5.1 bob   alice 488/INVITE 2 a>b
    """
    )
    assert [agreed for _, agreed, _ in ways(build(refused))] == [True, True]


def test_what_is_taken_back_just_before_the_end_is_no_promise() -> None:
    """A server that let two phones send directly takes the media back when one hangs up."""
    taken_back = (
        CALL
        + """
        8.9 bob   alice INVITE     1 b>a sdp="audio 7000 RTP/AVP 0" at=relay
        8.9 alice bob   200/INVITE 1 b>a sdp="audio 4000 RTP/AVP 0"
        9.0 bob   alice BYE        2 b>a
    """
    )
    assert [way for way, _, _ in ways(build(taken_back))] == [
        f"{ALICE}:4000 > {BOB}:5000",
        f"{BOB}:5000 > {ALICE}:4000",
    ]


def test_the_other_side_may_offer_anew() -> None:
    """A stream of the first round keeps its direction when the answerer of that round is the offerer of the last."""
    again = (
        CALL
        + """
        5.0 bob   alice INVITE     1 b>a sdp="audio 5002 RTP/AVP 0"
        5.1 alice bob   200/INVITE 1 b>a sdp="audio 4000 RTP/AVP 0"
    """
    )
    streams = (stream(f"{ALICE}:4000", f"{BOB}:5000"), stream(f"{ALICE}:4000", f"{BOB}:5002", 1, packets=50))
    assert ways(build(again, *streams)) == [
        (f"{BOB}:5002 > {ALICE}:4000", True, 0),
        (f"{ALICE}:4000 > {BOB}:5002", True, 150),
    ]


def test_behind_a_nat_the_other_end_tells_the_direction() -> None:
    streams = (stream(f"{NAT}:61000", f"{BOB}:5000"), stream(f"{BOB}:5000", f"{NAT}:61000", packets=90))
    assert [packets for _, _, packets in ways(build(CALL, *streams))] == [100, 90]


def test_a_port_that_nobody_named_still_has_addresses() -> None:
    streams = (stream(f"{BOB}:5555", f"{ALICE}:4444", packets=90),)
    assert [packets for _, _, packets in ways(build(CALL, *streams))] == [0, 90]


def test_streams_to_and_from_a_machine_are_never_one_direction() -> None:
    """Both phones name the address of one machine, and one of them sends and receives on another."""
    lines = CALL.replace('5000 RTP/AVP 0"', '5000 RTP/AVP 0" at=alice')
    streams = (
        stream(f"{ALICE}:5000", f"{NAT}:4000"),
        stream(f"{NAT}:4000", f"{ALICE}:4000", packets=90),
    )
    assert ways(build(lines, *streams)) == [
        (f"{ALICE}:4000 > {ALICE}:5000", True, 90),
        (f"{ALICE}:5000 > {ALICE}:4000", True, 100),
    ]


def test_the_early_media_of_a_leg_that_was_refused_is_not_agreed() -> None:
    """It lived for 40 ms: that nothing went to bob in them proves nothing."""
    lines = """
        0.00 alice bob   INVITE     1 a   sdp="audio 4000 RTP/AVP 0"
        1.00 bob   alice 183/INVITE 1 a>b sdp="audio 5000 RTP/AVP 0"
    """
    early = stream(f"{BOB}:5000", f"{ALICE}:4000", packets=9)
    forth, back = f"{ALICE}:4000 > {BOB}:5000", f"{BOB}:5000 > {ALICE}:4000"
    assert ways(build(lines, early)) == [(forth, True, 0), (back, True, 9)]
    refused = lines + "1.04 bob alice 480/INVITE 1 a>b"
    assert ways(build(refused, early)) == [(forth, False, 0), (back, False, 9)]


def test_a_stream_of_strangers_goes_with_the_offer() -> None:
    assert [packets for _, _, packets in ways(build(CALL, stream(f"{NAT}:1", f"{RELAY}:2")))] == [100, 0]


def test_a_stream_that_nobody_negotiated_is_in_no_path() -> None:
    assert [packets for _, _, packets in ways(build(CALL, stream(f"{ALICE}:4000", f"{BOB}:5000", None)))] == [0, 0]


def test_early_media_flows_before_the_answer() -> None:
    early = CALL.replace("200/", "183/")
    assert [agreed for _, agreed, _ in ways(build(early))] == [True, True]


def test_an_answer_alone_promises_what_it_says() -> None:
    forth, back = build(
        '0.1 bob alice 200/INVITE 1 a>b sdp="audio 5000 RTP/AVP 0"', stream(f"{NAT}:61000", f"{BOB}:5000")
    )
    assert (forth.sender, forth.sender_port, forth.receiver, forth.packets) == (NAT, 61000, BOB, 100)
    assert (back.sender, back.receiver, back.receiver_port, back.agreed) == (BOB, None, None, True)


def test_an_offer_alone_promises_nothing() -> None:
    assert ways(build(CALL.splitlines()[1])) == []


def test_a_rejected_line_is_a_path_only_where_media_was_seen() -> None:
    rejected = CALL.replace("audio 5000", "audio 0")
    assert ways(build(rejected)) == []
    assert ways(build(rejected, stream(f"{ALICE}:4000", f"{BOB}:5000"))) == [(f"{ALICE}:4000 > {BOB}:0", False, 100)]


def test_two_legs_with_the_same_endpoints_are_one_path() -> None:
    """A server that passes the descriptions on, so that the phones send to each other."""
    legs = """
        0.0 alice  server INVITE     1 a   call=one            sdp="audio 4000 RTP/AVP 0"
        0.1 server bob    INVITE     1 c   call=two users=x>y  sdp="audio 4000 RTP/AVP 0" at=alice
        0.2 bob    server 200/INVITE 1 c>d call=two users=x>y  sdp="audio 5000 RTP/AVP 0"
        0.3 server alice  200/INVITE 1 a>b call=one            sdp="audio 5000 RTP/AVP 0" at=bob
    """
    streams = (stream(f"{ALICE}:4000", f"{BOB}:5000", 0), stream(f"{BOB}:5000", f"{ALICE}:4000", 1, packets=90))
    assert [packets for _, _, packets in ways(build(legs, *streams))] == [100, 90]


def test_the_capture_point_that_saw_most_counts() -> None:
    said = [line for line in CALL.splitlines() if line.strip()]
    lines = "\n".join(f"{line} file={file}" for file in ("inside.pcap", "outside.pcap") for line in said)
    streams = (
        stream(f"{ALICE}:4000", f"{BOB}:5000", 0, packets=90, lost=10),
        stream(f"{ALICE}:4000", f"{BOB}:5000", 1, packets=100, lost=0, file="outside.pcap"),
    )
    forth, _ = build(lines, *streams)
    assert (forth.packets, forth.lost, forth.stream_rows) == (100, 0, (0, 1))


def flow(source: str, target: str, packets: int, frame: int) -> Flow:
    (from_, from_port), (to, to_port) = source.split(":"), target.split(":")
    return Flow(
        "inside.pcap", from_, int(from_port), to, int(to_port), "udp", packets, 0, frame, frame, 0.0, 0.0, "bfcp", 64, 0
    )  # fmt: skip


def test_floor_control_is_counted_by_its_flow() -> None:
    lines = """
        0.0 alice bob   INVITE     1 a   sdp="application 4006 UDP/BFCP *"
        0.1 bob   alice 200/INVITE 1 a>b sdp="application 5006 UDP/BFCP *"
    """
    flows = (
        flow(f"{ALICE}:4006", f"{BOB}:5006", 7, 20),
        flow(f"{BOB}:5006", f"{ALICE}:4006", 5, 21),
        flow(f"{NAT}:4006", f"{BOB}:5006", 99, 22),
    )
    found = build(lines, flows=flows)
    assert [(each.packets, each.lost, each.first_frame) for each in found] == [(7, None, 20), (5, None, 21)]


def test_a_tcp_connection_leaves_from_another_port() -> None:
    lines = """
        0.0 alice bob   INVITE     1 a   sdp="application 9 TCP/BFCP *,setup:active"
        0.1 bob   alice 200/INVITE 1 a>b sdp="application 5006 TCP/BFCP *,setup:passive"
    """
    flows = (flow(f"{ALICE}:49152", f"{BOB}:5006", 7, 20), flow(f"{BOB}:5006", f"{ALICE}:49152", 5, 21))
    assert [packets for _, _, packets in ways(build(lines, flows=flows))] == [7, 5]
