"""Wireshark's outline of a frame, without secrets."""

from xml.etree.ElementTree import fromstring

from collabtrace.views.dissection import Dissection, Line, plan, summary

PACKET = fromstring(
    """<packet>
    <proto name="geninfo"><field name="num" show="3"/></proto>
    <proto name="sip" showname="Session Initiation Protocol (INFO)">
      <field name="" show="Message Header">
        <field name="sip.Call-ID" showname="Call-ID: &lt;script&gt;"/>
        <field name="sip.hidden" showname="never shown" hide="yes"/>
        <field name="sip.auth.digest.response" showname="Digest Authentication Response: &quot;0123abcd&quot;"/>
        <field name="sip.other" showname="Authorization twice: 0123abcd"/>
      </field>
      <field name="sip.msg_body" showname="Signal=5"/>
    </proto>
    <proto name="rtpevent" showname="RFC 2833 RTP Event">
      <field name="rtpevent.event_id" showname="Event ID: DTMF Six 6 (6)"/>
    </proto></packet>"""
)
MESSAGE = b'INFO sip:a SIP/2.0\r\nAuthorization: Digest username="a", response="0123abcd"\r\n\r\n'


def test_the_outline_nests_as_wireshark_nests_it() -> None:
    outline = plan(PACKET, "Frame 3 of x.pcap")
    assert [line.text for line in outline.lines] == ["Session Initiation Protocol (INFO)", "RFC 2833 RTP Event"]
    assert outline.lines[0].below[0].text == "Message Header"
    assert str(outline).splitlines()[:3] == [
        "Frame 3 of x.pcap",
        "Session Initiation Protocol (INFO)",
        "  Message Header",
    ]


def test_secrets_are_masked_wherever_they_stand() -> None:
    shown = str(plan(PACKET, "x", [MESSAGE]))
    assert "0123abcd" not in shown
    assert "Six" not in shown
    assert "Signal=[masked]" in shown
    assert "Event ID: [masked]" in shown


KEY = fromstring(
    """<packet>
    <proto name="udp" showname="UDP"><field name="udp.checksum" showname="Checksum: 0xf228"/></proto>
    <proto name="sip" showname="SIP">
      <field name="sip.msg_body" showname="Message Body"><field name="" show="\\a\\a"/></field>
    </proto>
    <proto name="rtp" showname="RTP"><field name="rtp.payload" showname="Payload: 070a00a0"/></proto></packet>"""
)


def test_a_body_that_is_nothing_but_a_key_is_masked_whole() -> None:
    notify = b"NOTIFY sip:a SIP/2.0\r\nContent-Type: audio/telephone-event\r\n\r\n\x07\x07\x07\xd0"
    assert str(plan(KEY, "x", [notify])).splitlines()[3:5] == ["SIP", "  [masked]"]


def test_in_a_frame_with_a_key_neither_its_bytes_nor_its_check_sum_are_shown() -> None:
    assert "0xf228" in str(plan(KEY, "x"))
    shown = str(plan(KEY, "x", holds_keys=True))
    assert ("0xf228" in shown, "070a00a0" in shown) == (False, False)


def test_what_a_sender_wrote_is_escaped() -> None:
    page = plan(PACKET, "x")._repr_html_()
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_a_line_without_others_below_it_does_not_fold() -> None:
    assert Dissection("x", (Line("alone", ()),))._repr_html_().count("<details") == 0


def test_a_summary_is_wireshark_s_line_without_the_key() -> None:
    assert summary(("3", "1.5", "a", "b", "SIP", "Request: INVITE")) == (3, 1.5, "a", "b", "SIP", "Request: INVITE")
    assert summary(("3", "1.5", "a", "b", "RTP EVENT", "Payload type=RTP Event, DTMF Five 5"))[-1] == "[masked]"
