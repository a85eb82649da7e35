"""A request with a session description and a response to it, as a proxy passes it on."""

from textwrap import dedent

INVITE = (
    dedent("""\
    INVITE sip:bob@example.com SIP/2.0
    Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-1;rport
    From: "Alice" <sip:alice@example.com>;tag=a1
    To: <sip:bob@example.com>
    Call-ID: one@192.0.2.10
    CSeq: 101 INVITE
    Max-Forwards: 70
    Contact: <sip:alice@192.0.2.10:5060;transport=udp>
    User-Agent: Example/1.0
    Allow: INVITE, ACK, BYE
    Supported: timer,100rel
    Session-ID: 0123456789abcdef0123456789abcdef;remote=00000000000000000000000000000000
    Content-Type: Application/SDP;charset=utf-8
    Content-Length: 102

    v=0
    o=- 1 1 IN IP4 192.0.2.10
    s=-
    c=IN IP4 192.0.2.10
    t=0 0
    m=audio 16384 RTP/AVP 0
    a=sendrecv
    """)
    .encode()
    .replace(b"\n", b"\r\n")
)
RINGING = (
    dedent("""\
    SIP/2.0 180 Ringing
    Via: SIP/2.0/TCP proxy.example.com;branch=z9hG4bK-2
    Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-1
    From: <sip:alice@example.com>;tag=a1
    To: <sip:bob@example.com>;tag=b1
    Call-ID: one@192.0.2.10
    CSeq: 101 INVITE
    Server: Example/2.0
    Reason: Q.850;cause=16
    Warning: 399 example.com "a note"
    Content-Length: 0

    """)
    .encode()
    .replace(b"\n", b"\r\n")
)
