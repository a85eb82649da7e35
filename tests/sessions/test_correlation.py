"""What an INVITE says of the call that it belongs to."""

import pytest

from collabtrace.protocols import sip
from collabtrace.sessions.correlation import is_marked_in_responses, marks


def invite(*headers: str) -> sip.Message:
    return sip.parse("\r\n".join(["INVITE sip:bob@example.com SIP/2.0", *headers, "", ""]).encode())


def test_identifiers_and_named_legs_in_the_order_of_the_headers() -> None:
    headers = ("Cisco-Guid: 1-2-3-4", "Call-ID: x", "Replaces: other;to-tag=1", "x-taatag: abc", "X-Call-Id: y")
    assert marks(invite(*headers)) == (
        "Cisco-Guid: 1-2-3-4",
        "Replaces: other;to-tag=1",
        "X-TAATag: abc",
        "X-Call-ID: y",
    )


def test_an_identifier_that_proxies_pass_in_their_own_headers() -> None:
    via = "Via: SIP/2.0/TLS 192.0.2.1:5061;branch=z9hG4bK-1;proxy-call-id=abc-1;rport"
    route = "Record-Route: <sip:proxy-call-id=abc-2@192.0.2.1:5061;transport=tls;lr>"
    other = "Record-Route: <sip:192.0.2.2;proxy-call-id=abc-1;lr>"
    assert marks(invite(via, route, other)) == ("proxy-call-id: abc-1", "proxy-call-id: abc-2")


def test_the_charging_identity_of_ims() -> None:
    assert marks(invite('P-Charging-Vector: icid-value="ab:1";orig-ioi=example.com')) == ("icid-value: ab:1",)


def test_the_number_of_the_call_in_cucm() -> None:
    first = 'Call-Info: <sip:192.0.2.1:5060>;method="NOTIFY;Event=telephone-event;Duration=500"'
    second = "Call-Info: <urn:x-cisco-remotecc:callinfo>; orientation=to; gci= 1-4270"
    assert marks(invite(first, second)) == ("gci: 1-4270",)


@pytest.mark.parametrize(("agent", "expected"), [("Cisco-CUCM11.5", True), ("Cisco-CSF", False), (None, False)])
def test_who_marks_responses(agent: str | None, *, expected: bool) -> None:
    assert is_marked_in_responses(agent) is expected


def test_an_invite_that_says_nothing() -> None:
    assert marks(invite("Call-ID: x", "Via: SIP/2.0/UDP 192.0.2.1")) is None
