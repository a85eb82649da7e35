"""Files of one ring buffer are told by their names."""

from pathlib import Path

from collabtrace.capture.series import Group, mates, series


def names(files: Group) -> list[str]:
    return [file.name for file in files]


def test_the_files_of_a_ring_buffer_are_one_capture() -> None:
    written = [Path("trunk_00002_20260105100500.pcapng"), Path("trunk_00001_20260105100000.pcapng"), Path("x.pcapng")]
    assert list(map(names, series(written))) == [[written[1].name, written[0].name], ["x.pcapng"]]


def test_tcpdump_counts_without_leading_zeros() -> None:
    (ring,) = series([Path("t.pcap10"), Path("t.pcap2"), Path("t.pcap")])
    assert names(ring) == ["t.pcap", "t.pcap2", "t.pcap10"]


def test_a_time_may_stand_before_the_number() -> None:
    (ring,) = series([Path("t_20260105100500_00002.pcapng"), Path("t_20260105100000_00001.pcapng")])
    assert names(ring) == ["t_20260105100000_00001.pcapng", "t_20260105100500_00002.pcapng"]


def test_a_file_has_its_mates_beside_it(tmp_path: Path) -> None:
    one, two = "trunk_00001_20260105100000.pcapng", "trunk_00002_20260105100500.pcapng"
    for name in (two, one, "trunk.pcapng", "branch_00001_20260105100000.pcapng", "trunk.txt"):
        (tmp_path / name).touch()
    assert names(mates(tmp_path / one)) == [one, two]
    assert names(mates(tmp_path / "trunk.pcapng")) == [one, two]
    assert mates(tmp_path / "notes.txt") == mates(tmp_path / "nowhere" / one) == ()
