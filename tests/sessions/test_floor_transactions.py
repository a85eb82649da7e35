"""What was asked over BFCP, and what was answered."""

from collabtrace.columns import Table
from collabtrace.schema import Floor, FloorTransaction
from collabtrace.sessions import floor_transactions

HERE, THERE, ELSEWHERE = ("192.0.2.1", 4000), ("192.0.2.2", 5000), ("192.0.2.3", 5000)
NAMES = {"Hello": 11, "HelloAck": 12, "FloorRequest": 1, "FloorStatus": 8, "FloorRequestStatus": 4}


def said(
    time: float,
    name: str,
    transaction: int = 1,
    ends: tuple[tuple[str, int], tuple[str, int]] = (HERE, THERE),
    *,
    transport: str = "udp",
    status: str | None = None,
    user: int = 3,
) -> Floor:
    answers = name.endswith("Ack") or status is not None
    return Floor(
        "x.pcap", round(time * 1000), time, *ends[0], *ends[1], transport, 2, NAMES[name], name, answers,
        1, transaction, user, (), None, status, None, None, "call-1", 7,
    )  # fmt: skip


BACK = THERE, HERE


def transactions(*floors: Floor) -> list[FloorTransaction]:
    return list(floor_transactions.build(Table.of(Floor, floors)))


def test_a_request_and_its_response_are_one_transaction() -> None:
    (only,) = transactions(said(1.0, "Hello"), said(1.1, "HelloAck", ends=BACK))
    assert only == FloorTransaction(
        file="x.pcap",
        source="192.0.2.1",
        source_port=4000,
        target="192.0.2.2",
        target_port=5000,
        transport="udp",
        version=2,
        name="Hello",
        conference=1,
        transaction=1,
        user=3,
        started=1.0,
        last_sent=1.0,
        answered=1.1,
        answer="HelloAck",
        floor_request=None,
        status=None,
        error=None,
        request_rows=(0,),
        answer_rows=(1,),
        call_id="call-1",
        media_row=7,
    )


def test_retransmissions_are_the_same_transaction() -> None:
    (only,) = transactions(*(said(time, "Hello") for time in (0.0, 0.5, 1.5, 3.5)))
    assert (only.request_rows, only.last_sent, only.answered, only.answer) == ((0, 1, 2, 3), 3.5, None, None)


def test_the_same_identifiers_after_a_pause_are_asked_anew() -> None:
    first, second = transactions(said(0, "Hello"), said(0.1, "HelloAck", ends=BACK), said(10, "Hello"))
    assert (first.answered, second.answered) == (0.1, None)


def test_what_a_server_tells_over_tcp_is_no_transaction() -> None:
    assert transactions(said(0, "FloorStatus", 0, BACK, transport="tcp")) == []
    assert [each.name for each in transactions(said(0, "FloorStatus", 20001, BACK))] == ["FloorStatus"]


def test_both_sides_may_number_their_requests_alike() -> None:
    mine, theirs = transactions(said(0, "Hello"), said(0.1, "FloorStatus", ends=BACK), said(0.2, "HelloAck", ends=BACK))
    assert (mine.answer, theirs.answer) == ("HelloAck", None)


def test_a_response_that_goes_elsewhere_answers_too() -> None:
    (only,) = transactions(said(0, "Hello"), said(0.1, "HelloAck", ends=(THERE, ELSEWHERE)))
    assert only.answer_rows == (1,)


def test_a_response_of_strangers_does_not() -> None:
    (one,) = transactions(said(0, "Hello"), said(0.1, "HelloAck", ends=(ELSEWHERE, ("192.0.2.9", 9))))
    (other,) = transactions(said(0, "Hello"), said(0.1, "HelloAck", ends=(THERE, ELSEWHERE), user=4))
    assert (one.answered, other.answered) == (None, None)


def test_the_response_tells_what_became_of_a_floor_request() -> None:
    (only,) = transactions(said(0, "FloorRequest"), said(0.1, "FloorRequestStatus", ends=BACK, status="Denied"))
    assert (only.answer, only.status) == ("FloorRequestStatus", "Denied")


def test_a_response_before_the_request_or_long_after_it_is_none() -> None:
    (early,) = transactions(said(1, "HelloAck", ends=BACK), said(2, "Hello"))
    (late,) = transactions(said(2, "Hello"), said(20, "HelloAck", ends=BACK))
    assert (early.answered, late.answered) == (None, None)


def test_a_transmission_that_the_capture_shows_twice_is_one() -> None:
    (only,) = transactions(said(0, "Hello"), said(0.001, "Hello"), said(0.5, "Hello"))
    assert only.request_rows == (0, 2)
