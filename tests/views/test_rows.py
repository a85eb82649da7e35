"""The values that a ladder consists of."""

from collabtrace.views.rows import Arrow, Ladder, Lane, Section, beside, shown, way

SEEN = (("x.pcap", 3), ("y.pcap", 40), ("x.pcap", 9))
ARROW = Arrow(1.0, "a", "b", "OPTIONS", SEEN, cseq="1 OPTIONS", leg=2, count=3)


def test_how_often_something_was_sent_is_part_of_the_label() -> None:
    assert shown(ARROW) == "OPTIONS ×3"


def test_with_one_file_frames_need_no_letter() -> None:
    assert Ladder("t", (), ("x.pcap",)).frames(ARROW) == "#3"


def test_with_several_files_each_has_a_letter_and_its_first_frame() -> None:
    assert Ladder("t", (), ("x.pcap", "y.pcap")).frames(ARROW) == "A#3 B#40"


def test_a_way_names_both_machines() -> None:
    assert way(ARROW) == "a → b"


def test_beside_an_arrow_are_frame_cseq_and_leg() -> None:
    assert beside(ARROW, Ladder("t", ())) == "#3  1 OPTIONS  leg 2"


def test_the_first_sighting_names_the_arrow() -> None:
    assert (ARROW.file, ARROW.frame) == ("x.pcap", 3)


def test_places_count_from_the_left() -> None:
    assert Section("call-1", "t", (Lane("a"), Lane("b")), ()).places() == {"a": 0, "b": 1}


def test_below_the_title_is_when_it_began() -> None:
    section = Section("call-1", "t", (), (), legs=("leg 1",), remarks=("a remark",), start=1_700_000_000.0)
    assert section.lines == ("begins 2023-11-14 22:13:20.000 UTC", "leg 1", "a remark")
