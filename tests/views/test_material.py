"""The records of one call."""

from collabtrace.schema import Unreachable
from collabtrace.views import material
from collabtrace.views.contents import contents_of
from tests.views.cases import ALICE, BOB, START, blank, simple_call, simple_case


def error(frame: int, at: float, port: int) -> Unreachable:
    return blank(
        Unreachable,
        file="a.pcapng",
        frame=frame,
        time_epoch=START + at,
        source=BOB,
        target=ALICE,
        type=3,
        code=3,
        quoted_source=ALICE,
        quoted_source_port=port,
        quoted_target=BOB,
        quoted_target_port=port,
        quoted_transport="udp",
    )


def test_messages_come_in_the_order_of_time() -> None:
    made = simple_case(dialogs=[], calls=[])
    assert [row for row, _ in material.of(contents_of(made), None).messages] == [0, 1, 2, 3, 4, 5]


def test_a_media_line_comes_with_its_offer_and_its_answer() -> None:
    (described,) = material.of(contents_of(simple_case()), 1).described
    assert (described.offer, described.answer) == (simple_call()[0], simple_call()[2])


def test_an_icmp_error_belongs_to_the_call_whose_packet_it_quotes() -> None:
    errors = [error(7, 2, 16384), error(8, 2, 9999), error(9, 2, 5060), error(10, 600, 5060)]
    own = material.of(contents_of(simple_case(unreachables=errors)), 1)
    assert [record.frame for _, record in own.errors] == [7, 9]
