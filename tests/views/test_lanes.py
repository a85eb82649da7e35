"""Which lane something belongs to, and the order of lanes."""

from collabtrace.schema import Host
from collabtrace.views.lanes import Ends, completed, lanes, machine_name, ordered
from collabtrace.views.material import Described
from collabtrace.views.rows import Arrow, Lane
from tests.views.cases import ALICE, BOB, PBX, blank, media_line, message

HERE = "127.0.0.1"


def arrow(source: str, target: str, *, answer: bool = False, kind: str = "sip") -> Arrow:
    return Arrow(0, source, target, "x", (("a", 1),), answer=answer, kind=kind)


def test_all_ports_of_a_machine_are_one_lane() -> None:
    ends = Ends([message(1, 0, ALICE, BOB, "INVITE", source_port=49152)], ())
    assert ends.key(ALICE, 49152) == ends.key(ALICE, 5060) == ALICE


def test_a_machine_that_talks_to_itself_has_a_lane_for_each_sip_port() -> None:
    ends = Ends([message(1, 0, HERE, HERE, "INVITE", source_port=5061, target_port=5060)], ())
    assert [ends.key(HERE, 5061), ends.key(HERE, 5060)] == ["127.0.0.1:5061", "127.0.0.1:5060"]


def test_a_connection_from_any_port_belongs_to_the_port_in_its_via() -> None:
    ends = Ends([message(1, 0, HERE, HERE, "INVITE", source_port=41000, sent_by="127.0.0.1:5061")], ())
    assert ends.key(HERE, 41000) == "127.0.0.1:5061"


def test_media_at_an_address_that_both_sides_named_belongs_to_who_described_it() -> None:
    offer = message(1, 0, HERE, HERE, "INVITE", source_port=5061)
    answer = message(2, 0, HERE, HERE, "200 OK INVITE", target_port=5061)
    line = media_line(offer_address=HERE, offer_port=6000, answer_address=HERE, answer_port=7000)
    ends = Ends([offer, answer], [Described(line, offer, answer)])
    assert [ends.key(HERE, 6000), ends.key(HERE, 6001), ends.key(HERE, 7000)] == [
        "127.0.0.1:5061",
        "127.0.0.1:5061",
        "127.0.0.1:5060",
    ]


def test_lanes_stand_in_the_order_in_which_requests_reach_them() -> None:
    arrows = [arrow(ALICE, PBX), arrow(PBX, BOB), arrow(BOB, PBX, answer=True)]
    assert ordered(arrows, {}) == [ALICE, PBX, BOB]


def test_a_capture_with_responses_only_still_knows_who_called() -> None:
    assert ordered([arrow(BOB, ALICE, answer=True)], {}) == [ALICE, BOB]


def test_a_media_address_stands_beside_its_owner() -> None:
    media = "198.51.100.9"
    arrows = [arrow(ALICE, PBX), arrow(PBX, BOB), arrow(ALICE, media, kind="rtp")]
    assert ordered(arrows, {media: PBX}) == [ALICE, PBX, media, BOB]


def test_who_has_no_owner_stands_at_the_end() -> None:
    assert completed([ALICE, BOB], ["192.0.2.99"], {}) == [ALICE, BOB, "192.0.2.99"]


def test_the_product_is_a_better_name_than_the_user_agent() -> None:
    hosts = {ALICE: blank(Host, kind="CUCM", name="Cisco-CUCM12.5"), BOB: blank(Host, name="Softphone")}
    assert lanes([ALICE, BOB, PBX], hosts) == (Lane(ALICE, "CUCM"), Lane(BOB, "Softphone"), Lane(PBX, None))


def test_an_address_with_media_only_is_named_after_its_owner() -> None:
    assert lanes(["192.0.2.77"], {}, {"192.0.2.77": ALICE}) == (Lane("192.0.2.77", "media of 192.0.2.10"),)


def test_a_lane_with_a_port_has_the_name_of_its_machine() -> None:
    assert machine_name("127.0.0.1:5060", {HERE: blank(Host, name="SIPp")}) == "SIPp"
    assert machine_name("[2001:db8::1]:5060", {"2001:db8::1": blank(Host, name="SIPp")}) == "SIPp"
