"""The numbers of TLS are called what Wireshark calls them."""

import re
import subprocess

import pytest

from collabtrace.capture.dissect import find
from collabtrace.protocols.tls.numbers import ALERTS, CIPHERS, alert_name, cipher_name, version_name


def values(field: str) -> dict[int, str]:
    """What tshark calls the values of a field."""
    run = subprocess.run([str(find("tshark")), "-G", "values"], check=True, capture_output=True, text=True)
    rows = (line.split("\t") for line in run.stdout.splitlines() if line.startswith(f"V\t{field}\t"))
    return {int(number): name for _, _, number, name, *_ in rows}


def spelled(name: str) -> str:
    return re.sub(r"\W|_", "", name).lower()


@pytest.mark.skipif(find("tshark") is None, reason="tshark is not installed")
@pytest.mark.parametrize(
    ("field", "ours"), [("tls.handshake.ciphersuite", CIPHERS), ("tls.alert_message.desc", ALERTS)]
)
def test_names_are_wiresharks(field: str, ours: dict[int, str]) -> None:
    theirs = values(field)
    assert {number: spelled(name) for number, name in ours.items()} == {
        number: spelled(theirs[number]) for number in ours
    }


def test_what_has_no_name_keeps_its_number() -> None:
    assert (version_name(0x7F1C), cipher_name(0xFAFA), alert_name(99)) == ("0x7f1c", "0xfafa", "alert 99")


def test_usual_names() -> None:
    assert (version_name(0x0304), version_name(0xFEFD)) == ("TLS 1.3", "DTLS 1.2")
    assert (cipher_name(0x1301), alert_name(48)) == ("TLS_AES_128_GCM_SHA256", "unknown_ca")
