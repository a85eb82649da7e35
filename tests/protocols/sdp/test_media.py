import pytest

from collabtrace.protocols.sdp.candidates import Candidate
from collabtrace.protocols.sdp.codecs import Codec
from collabtrace.protocols.sdp.floors import Floor
from collabtrace.protocols.sdp.keys import Fingerprint
from collabtrace.protocols.sdp.media import Media
from collabtrace.protocols.sdp.section import Section


def media(line: str, own: str = "", session: str = "") -> Media:
    return Media(line, 0, Section(own), Section(session))


def test_an_m_line() -> None:
    line = media("audio 49170 RTP/AVP 0 101", "a=rtpmap:101 telephone-event/8000")
    assert (line.kind, line.port, line.ports, line.protocol, line.formats) == (
        "audio",
        49170,
        1,
        "RTP/AVP",
        ("0", "101"),
    )
    assert line.codecs == (Codec("0", "PCMU", 8000, static=True), Codec("101", "telephone-event", 8000))
    assert str(line) == "audio 49170 RTP/AVP 0 101"
    assert line.flaw is None
    assert repr(line) == "<SDP m=audio 49170 RTP/AVP 0 101>"


def test_several_ports() -> None:
    line = media("video 49170/2 RTP/AVP 31")
    assert (line.port, line.ports, str(line)) == (49170, 2, "video 49170/2 RTP/AVP 31")


@pytest.mark.parametrize("line", ["", "audio", "audio x RTP/AVP 0", "audio 70000 RTP/AVP 0", "audio 4000"])
def test_an_m_line_that_cannot_be_read(line: str) -> None:
    broken = media(line)
    assert (broken.kind, broken.port) == (line[:5], 0)
    assert broken.flaw == f"m={line} is not kind, port, protocol and formats"


def test_port_zero_rejects() -> None:
    assert media("audio 0 RTP/AVP 0").rejected
    assert not media("audio 4000 RTP/AVP 0").rejected
    assert not media("audio 0 UDP/TLS/RTP/SAVPF 0", "a=bundle-only\na=mid:1").rejected


def test_its_own_address_goes_before_the_session() -> None:
    session = "c=IN IP4 192.0.2.1"
    assert media("audio 4000 RTP/AVP 0", "c=IN IP4 192.0.2.2", session).address == "192.0.2.2"
    assert media("audio 4000 RTP/AVP 0", "", session).address == "192.0.2.1"
    assert media("audio 4000 RTP/AVP 0").address is None


def test_its_own_direction_goes_before_the_session() -> None:
    assert media("audio 4000 RTP/AVP 0", "a=recvonly", "a=inactive").direction == "recvonly"
    assert media("audio 4000 RTP/AVP 0", "", "a=inactive").direction == "inactive"
    assert media("audio 4000 RTP/AVP 0").direction == "sendrecv"


@pytest.mark.parametrize("own", ["a=sendonly", "a=inactive", "c=IN IP4 0.0.0.0", "c=IN IP6 ::"])
def test_hold(own: str) -> None:
    assert media("audio 4000 RTP/AVP 0", own).on_hold
    assert not media("audio 4000 RTP/AVP 0", "a=recvonly\nc=IN IP4 192.0.2.1").on_hold


def test_attributes() -> None:
    line = media("audio 4000 RTP/AVP 0", "a=label:1\na=rtcp-mux", "a=tool:x")
    assert line.attributes == (("label", "1"), ("rtcp-mux", None))
    assert [line.attribute(name) for name in ("label", "rtcp-mux", "tool", "mid")] == ["1", "", "x", None]


def test_packet_times() -> None:
    line = media("audio 4000 RTP/AVP 0", "a=ptime:20\na=maxptime:2.5")
    assert (line.packet_time, line.max_packet_time) == (20.0, 2.5)
    assert media("audio 4000 RTP/AVP 0", "a=ptime:soon").packet_time is None


def test_bandwidth_and_title() -> None:
    line = media("video 4000 RTP/AVP 34", "i=slides\nb=TIAS:384000", "b=AS:1000")
    assert (line.title, line.bandwidth) == ("slides", {"TIAS": 384000})


def test_floor_control() -> None:
    line = media(
        "application 5070 UDP/BFCP *",
        "a=floorctrl:c-only s-only\na=confid:1\na=userid:7\na=bfcpver:2 1\na=setup:actpass\na=connection:new\n"
        "a=floorid:2 mstrm:12\na=floorid:3 m-stream:13",
    )
    assert line.is_bfcp
    assert (line.floorctrl, line.conference_id, line.user_id) == (("c-only", "s-only"), 1, 7)
    assert line.bfcp_versions == (2, 1)
    assert line.floors == (Floor(2, ("12",)), Floor(3, ("13",)))
    assert (line.setup, line.connection_use) == ("actpass", "new")
    assert (line.codecs, line.rtcp_port, line.is_rtp) == ((), None, False)


@pytest.mark.parametrize(
    ("protocol", "is_bfcp"),
    [("TCP/BFCP", True), ("TCP/TLS/BFCP", True), ("udp/bfcp", True), ("UDP/UDT/IX", False), ("RTP/AVP", False)],
)
def test_an_application_line_is_not_always_floor_control(protocol: str, is_bfcp: bool) -> None:
    assert media(f"application 5070 {protocol} *").is_bfcp is is_bfcp


def test_ix() -> None:
    line = media("application 2455 UDP/UDT/IX *", "a=ixmap:0 ping\na=ixmap:2 xccp\na=ixmap:x y")
    assert line.is_ix
    assert line.ix_channels == {0: "ping", 2: "xccp"}


def test_content_and_label() -> None:
    line = media("video 2370 RTP/AVP 97", "a=content:slides\na=label:12\na=mid:v2")
    assert (line.content, line.label, line.mid) == ("slides", "12", "v2")
    assert media("video 2370 RTP/AVP 97").content is None


def test_security() -> None:
    crypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:QUJDREVG"
    fingerprint = "a=fingerprint:sha-1 4A:AD\na=setup:passive"
    assert media("audio 4000 RTP/SAVP 0", crypto).security == "sdes"
    assert media("audio 4000 UDP/TLS/RTP/SAVPF 0", "", fingerprint).security == "dtls"
    assert media("audio 4000 RTP/SAVP 0", fingerprint).security == "dtls"
    assert media("audio 4000 RTP/AVP 0").security is None
    line = media("audio 4000 UDP/TLS/RTP/SAVPF 0", "", fingerprint)
    assert (line.fingerprints, line.setup) == ((Fingerprint("sha-1", "4A:AD"),), "passive")


def test_ice() -> None:
    line = media(
        "audio 4000 RTP/AVP 0",
        "a=ice-ufrag:8hhY\na=ice-pwd:asd88fgpdd777uzjYhagZg\na=end-of-candidates\n"
        "a=candidate:1 1 UDP 1 192.0.2.1 4000 typ host",
    )
    assert line.ice
    assert (line.ice_ufrag, line.ice_pwd, line.end_of_candidates) == ("8hhY", "asd88fgpdd777uzjYhagZg", True)
    assert line.candidates == (Candidate("1", 1, "UDP", 1, "192.0.2.1", 4000, "host"),)
    assert not media("audio 4000 RTP/AVP 0").ice
    assert not media("audio 4000 RTP/AVP 0").end_of_candidates


@pytest.mark.parametrize(
    ("own", "port", "address"),
    [
        ("", 4001, "192.0.2.1"),
        ("a=rtcp:5005", 5005, "192.0.2.1"),
        ("a=rtcp:5005 IN IP4 192.0.2.9", 5005, "192.0.2.9"),
        ("a=rtcp:99999", 4001, "192.0.2.1"),
    ],
)
def test_rtcp(own: str, port: int, address: str) -> None:
    line = media("audio 4000 RTP/AVP 0", own, "c=IN IP4 192.0.2.1")
    assert (line.rtcp_port, line.rtcp_address, line.rtcp_mux) == (port, address, False)


def test_rtcp_mux() -> None:
    assert media("audio 4000 RTP/AVP 0", "a=rtcp-mux").rtcp_mux


def test_feedback_and_extensions() -> None:
    line = media("video 4000 RTP/AVPF 97", "a=rtcp-fb:* nack pli\na=extmap:1 urn:example:x")
    assert [str(feedback) for feedback in line.feedback] == ["* nack pli"]
    assert [str(extension) for extension in line.extensions] == ["1 urn:example:x"]


def test_announced_sources() -> None:
    line = media(
        "video 4000 RTP/AVPF 97", "a=msid:stream track\na=ssrc:1001 cname:x\na=ssrc:1001 msid:y\na=ssrc:1002\na=ssrc:z"
    )
    assert line.ssrcs == (1001, 1002)
    assert line.msid == ("stream track",)


def test_fax() -> None:
    line = media("image 4000 udptl t38", "a=T38FaxVersion:0\na=T38FaxFillBitRemoval\na=sendrecv")
    assert line.t38 == {"T38FaxVersion": "0", "T38FaxFillBitRemoval": None}
    assert line.formats == ("t38",)
