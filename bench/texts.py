"""The SIP messages and session descriptions of the calls."""

from dataclasses import dataclass

AUDIO = """\
b=AS:64
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:18 G729/8000
a=fmtp:18 annexb=no
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=ptime:20
a=sendrecv
"""
VIDEO = """\
b=AS:2000
a=rtpmap:97 H264/90000
a=fmtp:97 profile-level-id=428016;packetization-mode=1;max-mbps=245000;max-fs=8160
a=rtpmap:98 H264/90000
a=fmtp:98 profile-level-id=640016;packetization-mode=1;max-mbps=245000;max-fs=8160
a=rtpmap:99 H263-1998/90000
a=fmtp:99 custom=1280,720,2;custom=1024,768,3;cif4=1;cif=1;qcif=1
a=rtcp-fb:* nack pli
a=rtcp-fb:* ccm fir
a=rtcp-fb:* ccm tmmbr
a=sendrecv
"""
CONTENT = """\
m=application {bfcp} UDP/BFCP *
a=floorctrl:c-s
a=confid:1
a=userid:2
a=floorid:2 mstrm:12
a=setup:actpass
a=connection:new
m=video {slides} RTP/AVP 97 98 99
{video}a=content:slides
a=label:12
m=application {camera} RTP/AVP 100
a=rtpmap:100 H224/4800
"""
CHALLENGE = 'WWW-Authenticate: Digest realm="example.com", nonce="{nonce:016x}", algorithm=MD5, qop="auth"\n'


@dataclass(frozen=True, slots=True)
class Parties:
    """What the texts of one call need to know of it."""

    number: int
    hosts: tuple[str, str]
    """Addresses of caller and callee."""
    ports: tuple[int, int]
    """RTP ports of caller and callee."""
    transport: str
    """``UDP TCP``"""


def message(parties: Parties, sender: int, start: str, sequence: str, body: str = "", more: str = "") -> bytes:
    """One message of the caller (*sender* 0) or the callee (1); *sequence* is its CSeq, *more* further header lines."""
    number = parties.number
    caller, own = (f"[{host}]" if ":" in host else host for host in (parties.hosts[0], parties.hosts[sender]))
    tag = "" if sequence.endswith("INVITE") and not sender else f";tag=callee{number * 40503:x}"
    kind = "Content-Type: application/sdp\n" if body else ""
    return f"""\
{start}
Via: SIP/2.0/{parties.transport} {caller}:5060;branch=z9hG4bK{number:x}.{sequence.replace(" ", ".")};rport
From: "Person {number % 5000}" <sip:{1000 + number % 5000}@example.com>;tag=caller{number * 60493:x}
To: <sip:{6000 + number % 3000}@example.com>{tag}
Call-ID: {number * 2654435761 % 2**32:08x}-{number:08x}@{caller}
CSeq: {sequence}
Max-Forwards: {70 - number % 3}
Contact: <sip:{(6000 if sender else 1000) + number % 3000}@{own}:5060;transport={parties.transport.lower()}>
User-Agent: ExamplePhone/{10 + number % 5}.{number % 7}.{sender}
Date: Mon, 05 Jan 2026 10:00:{number % 60:02} GMT
Allow: ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, PRACK, REFER, REGISTER, SUBSCRIBE, UPDATE
Supported: 100rel, replaces, timer, norefersub
Session-Expires: 1800;refresher=uac
Min-SE: 90
Session-ID: {number * 6364136223846793005 % 2**128:032x};remote={number * sender:032x}
{more}{kind}Content-Length: {len(body) + body.count(chr(10))}

{body}""".replace("\n", "\r\n").encode()


def description(parties: Parties, end: int, *, video: bool, large: bool) -> str:
    """The SDP of one end, its lines ended by a line feed alone; *large* adds what makes it too large for one packet."""
    host, port = parties.hosts[end], parties.ports[end]
    family = "IP6" if ":" in host else "IP4"
    text = f"v=0\no=phone {parties.number + 1} {end + 1} IN {family} {host}\ns=-\nc=IN {family} {host}\nt=0 0\n"
    text += f"m=audio {port} RTP/AVP 9 0 8 18 101\n{AUDIO}"
    if video:
        text += f"m=video {port + 2} RTP/AVP 97 98 99\n{VIDEO}a=content:main\na=label:11\n"
    if large:
        text += CONTENT.format(bfcp=port + 4, slides=port + 6, camera=port + 8, video=VIDEO)
    return text
