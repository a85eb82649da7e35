"""Products by their User-Agent or Server header."""

import pytest

from collabtrace.sessions.products import product, release, short_name


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("Cisco-CUCM11.5", "CUCM"),
        ("Cisco-CSF", "Jabber"),
        ("Cisco-CP8841/12.6.1", "Cisco IP phone"),
        ("Cisco-CP-DX80/10.2.1", "Cisco DX endpoint"),
        ("Cisco-SIPGateway/IOS-15.4", "Cisco IOS gateway"),
        ("TANDBERG/4120 (X7.2.2)", "Expressway"),
        ("TANDBERG/4137 (X12.5.1)", "Expressway"),
        ("TANDBERG/4352 (XC4.1)", "Conductor"),
        ("TANDBERG/529 (ce9.2.1.1234567) Cisco-SX80", "CE endpoint"),
        ("TANDBERG/520 (TC7.3.0.8cb420c)", "TC endpoint"),
        ("TANDBERG/81 (F9.1 PAL)", "MXP endpoint"),
        ("TANDBERG/257 (TENC4.1.6.1234)", "Cisco E20"),
        ("TANDBERG/772 (MCX 4.3.12.13351) - Windows", "Jabber Video"),
        ("TANDBERG/999", "TANDBERG"),
        ("Acano CallBridge", "Cisco Meeting Server"),
        ("PolycomRealPresenceGroup500/4.1.5", "Poly video endpoint"),
        ("Polycom HDX 8000 HD (Release - 3.1)", "Polycom HDX"),
        ("Yealink VC400 30.10.0.27", "Yealink video endpoint"),
        ("Asterisk PBX 18.1", "Asterisk"),
        ("kamailio (5.6.3 (x86_64/linux))", "Kamailio"),
        ("Somebody/1.0", None),
    ],
)
def test_the_product_of_a_header(agent: str, expected: str | None) -> None:
    assert product(agent) == expected


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("TANDBERG/529 (ce9.2.1.1234567) Cisco-SX80", "TANDBERG/529"),
        ("Asterisk PBX 18.1 on a long name", "Asterisk PBX 18.1"),
        ("(comment)", "(comment)"),
        ("x" * 5000, "x" * 256),
    ],
)
def test_the_name_without_trailing_detail(agent: str, expected: str) -> None:
    assert short_name(agent) == expected


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("TANDBERG/529 (ce8.0.0.c1a7707) Cisco-DX70", "CE8.0.0"),
        ("TANDBERG/529 (ce8.3.4.99243f7) Cisco-SX20", "CE8.3.4"),
        ("TANDBERG/529 (ce11.40.1.1.10bdaa53ce2) Cisco-RoomKitMini", "CE11.40.1"),
        ("TANDBERG/529 (CE9.1)", "CE9.1"),
        ("TANDBERG/521 (TC7.2.0.123)", "TC7.2.0"),
        ("TANDBERG/257 (TENC4.1.6.315255)", "TE4.1.6"),
        ("TANDBERG/4137 (X12.5.1)", "X12.5.1"),
        ("TANDBERG/529", "None"),
        ("Cisco-CUCM12.5", "None"),
    ],
)
def test_the_release_in_a_header(agent: str, expected: str) -> None:
    assert str(release(agent)) == expected
