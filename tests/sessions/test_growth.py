"""What came between two readings is counted."""

from pathlib import Path

from collabtrace import samples
from collabtrace.sessions.case import read_case
from collabtrace.sessions.growth import Growth, between


def test_another_file_brings_its_packets_messages_and_calls() -> None:
    one, other = samples.find("sipp-udp"), samples.find("kamailio-register-auth")
    with read_case([one]) as before, read_case([one, other]) as after:
        grown = between(before, after)
        assert grown.packets == after.captures[1].packets
        assert (grown.messages, grown.calls) == (len(after.messages) - len(before.messages), 0)
        assert grown.files == ("kamailio_register_auth.pcapng",)
        assert between(after, before) == Growth(gone=grown.files)
        assert between(after, after) == Growth()


def test_a_file_that_was_written_anew_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.pcapng").write_bytes(samples.find("sipp-udp").read_bytes())
    with read_case([tmp_path / "x.pcapng"]) as before:
        (tmp_path / "x.pcapng").write_bytes(samples.find("sipp-ipv6").read_bytes())
        with read_case([tmp_path / "x.pcapng"]) as after:
            grown = between(before, after)
    assert grown.anew == ("x.pcapng",)
    assert str(grown).endswith("; written anew: x.pcapng")


def test_it_says_in_words_what_came() -> None:
    assert str(Growth(1200, 1, 0)) == "1,200 new packets, 1 new SIP message, 0 new calls"
    assert str(Growth(1, 0, 0, files=("b.pcap",), gone=("a.pcap",))) == (
        "1 new packet, 0 new SIP messages, 0 new calls; new file: b.pcap; not there any more: a.pcap"
    )
    assert repr(Growth()) == "nothing new"


def test_it_is_true_where_anything_changed() -> None:
    assert Growth(packets=1)
    assert Growth(gone=("a.pcap",))
    assert not Growth()
