"""TLS of the corpus: what tshark reads of it in the clear."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from collabtrace.capture.dissect import fields, find
from collabtrace.protocols.tls.numbers import CIPHERS
from collabtrace.sessions.case import read_case

NUMBERS = {name: number for number, name in CIPHERS.items()}


class Theirs(NamedTuple):
    """A frame with handshake messages, as tshark shows it."""

    frame: int
    types: set[str]
    host: str
    ciphers: list[str]
    names: set[str]


def theirs(path: Path) -> Iterator[Theirs]:
    """The frames of TLS and DTLS."""
    for layer in ("tls", "dtls"):
        names = ["type", "extensions_server_name", "ciphersuite"]
        wanted = ["frame.number", *(f"{layer}.handshake.{name}" for name in names), "x509ce.dNSName"]
        options = ("-o", "tcp.reassemble_out_of_order:TRUE")
        for frame, types, host, ciphers, hosts in fields(path, f"{layer}.handshake.type", wanted, options=options):
            yield Theirs(int(frame), set(types.split(",")), host, ciphers.split(","), set(hosts.split(",")) - {""})


def has_tls(truth: Any) -> bool:
    record = truth.path.parent.with_name("truth") / f"{truth.name}.json"
    return bool(json.loads(record.read_text(encoding="utf-8"))["counts"].get("tls")) or "dtls" in truth.name


@pytest.mark.skipif(find("tshark") is None, reason="tshark is not installed")
def test_handshakes_are_those_of_tshark(truth: Any) -> None:
    if not has_tls(truth):
        pytest.skip("no TLS in it")
    frames = {each.frame: each for each in theirs(truth.path)}
    with read_case([truth.path]) as case:
        found = list(case.handshakes)
    # A hello that is sent again, for a cookie or because it was lost, belongs to the handshake that is there.
    hellos = {frame for frame, each in frames.items() if "1" in each.types}
    assert {each.hello_frame for each in found if each.hello_frame} <= hellos
    assert len(found) == len(hellos) or "udp" in {each.transport for each in found}
    assert {each.server_hello_frame for each in found} - {None} == {
        frame for frame, each in frames.items() if "2" in each.types
    }
    for each in found:
        if each.hello_frame is not None:
            assert (each.server_name or "") == frames[each.hello_frame].host
        if each.server_hello_frame is not None and each.cipher is not None:
            number = NUMBERS.get(each.cipher) or int(each.cipher, 16)
            assert f"0x{number:04x}" in frames[each.server_hello_frame].ciphers
        if each.certificate_frame is not None:
            assert (
                set(each.certificate_names or ()) & frames[each.certificate_frame].names
                or not frames[each.certificate_frame].names
            )
