"""The proof finds what should not be there."""

import shutil
from pathlib import Path

from collabtrace import samples
from collabtrace.capture.chunks import CHUNK
from collabtrace.findings import diagnose
from collabtrace.redaction import proof
from collabtrace.redaction.text import Text
from collabtrace.sessions.case import read_case
from collabtrace.testing import Scene


def scene(name: str, *, seconds: float = 1) -> Scene:
    made = Scene()
    alice, bob = made.phone(name, "192.0.2.10"), made.phone("bobby", "198.51.100.20")
    call = made.call(alice, bob)
    call.talk(alice, seconds=seconds)
    call.hang_up(alice)
    return made


def compared(one: Path, other: Path, text: Text) -> list[str]:
    with read_case([one]) as before, read_case([other]) as after:
        return proof.differences((before, diagnose(before)), (after, diagnose(after)), text)


def test_a_capture_that_was_not_redacted_names_everybody(tmp_path: Path, text: Text) -> None:
    path = tmp_path / "x.pcapng"
    scene("alexandra").write(path)
    with read_case([path]) as case:
        names = proof.names(case)
    assert "alexandra" in names
    assert any("alexandra" in leak for leak in proof.leaks(path, proof.tokens(names, text)))
    wrong = compared(path, path, text)
    assert "the address 192.0.2.10 is still in the headers of packets" in wrong
    assert any(line.startswith("the from_uri 'sip:alexandra@") for line in wrong)


def test_missing_packets_and_messages_are_told(tmp_path: Path, text: Text) -> None:
    scene("alexandra").write(tmp_path / "one.pcapng")
    scene("alexandra", seconds=2).write(tmp_path / "two.pcapng")
    wrong = compared(tmp_path / "one.pcapng", tmp_path / "two.pcapng", text)
    assert any("packets and has" in line for line in wrong)


def test_the_mac_addresses_of_frames_are_compared(tmp_path: Path, text: Text) -> None:
    sample = samples.find("sipp-udp")
    shutil.copy(sample, tmp_path)
    assert proof.same_hardware(sample, tmp_path / sample.name, text)


def test_a_long_list_is_shown_in_part() -> None:
    assert proof.shown(["a", "b"]) == "a; b"
    assert proof.shown(list("abcdefg")) == "a; b; c; d; e and 2 more"


def test_a_long_word_is_found_across_the_border_of_two_chunks(tmp_path: Path) -> None:
    word = "Kowalczyk" * 100
    head = samples.find("sipp-udp").read_bytes()
    path = tmp_path / "x.pcapng"
    path.write_bytes(head + b" " * (CHUNK - len(head) - 450) + word.encode() + b" ")
    assert proof.leaks(path, {word}) == [f"{word!r} is still there"]
