"""Scenarios for SIPp, written as the steps that one side of a call takes."""

from pathlib import Path
from subprocess import Popen

from lab.network import Host

TONE = (b"\x9f" * 10 + b"\x1f" * 10) * 40
"""0.1 s of 400 Hz as PCMU."""


def scenario(*steps: str) -> str:
    """A whole scenario file."""
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', '<scenario name="call">', *steps, "</scenario>", ""])


def send(message: str, *, again: bool = True) -> str:
    """Send a message; over UDP, send it *again* (T1 = 500 ms) until something answers it."""
    retransmit = ' retrans="500"' if again else ""
    return f"<send{retransmit}><![CDATA[\n{message}\n]]></send>"


def expect(what: str | int, *, optional: bool = False, contact: bool = False) -> str:
    """Wait for a request by its method or a response by its status; *contact* keeps its Contact for [next_url]."""
    kind = "request" if isinstance(what, str) else "response"
    more = ' optional="true"' * optional + ' rrs="true"' * contact
    return f'<recv {kind}="{what}"{more}/>'


def pause(milliseconds: int) -> str:
    """Do nothing for a while."""
    return f'<pause milliseconds="{milliseconds}"/>'


def play(sound: Path, times: int = 1) -> str:
    """Send a file of PCMU bytes as RTP, to where the peer's SDP asked for it."""
    return f'<nop><action><exec rtp_stream="{sound},{times},0,PCMU/8000"/></action></nop>'


def request(method: str, sequence: int, body: str = "", *, branch: str = "[branch]", more: str = "") -> str:
    """A request of the caller; *more* are further header lines."""
    # RFC 3261 §9.1: a CANCEL has the To of its INVITE, without a tag.
    to_tag = "" if method == "CANCEL" else "[peer_tag_param]"
    return _message(
        f"{method} sip:bob@[remote_ip]:[remote_port];transport=[transport] SIP/2.0",
        f"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch={branch}",
        "Max-Forwards: 70",
        'From: "Alice" <sip:alice@example.com>;tag=alice-[call_number]',
        f'To: "Bob" <sip:bob@example.com>{to_tag}',
        "Call-ID: [call_id]",
        f"CSeq: {sequence} {method}",
        "Contact: <sip:alice@[local_ip]:[local_port];transport=[transport]>",
        *more.splitlines(),
        body=body,
    )


def answer(status: int, reason: str, body: str = "", *, more: str = "") -> str:
    """The callee's response to the request that came last."""
    return _message(
        f"SIP/2.0 {status} {reason}",
        "[last_Via:]",
        "[last_From:]",
        "[last_To:];tag=bob-[call_number]",
        "[last_Call-ID:]",
        "[last_CSeq:]",
        "Contact: <sip:bob@[local_ip]:[local_port];transport=[transport]>",
        *more.splitlines(),
        body=body,
    )


def audio_sdp(port: str = "[rtpstream_audio_port]", *lines: str, version: int = 1) -> str:
    """The SDP of one side that can PCMU and telephone events; *lines* are further attributes or m-lines."""
    return "\n".join(
        [
            "v=0",
            f"o=- 20 {version} IN IP[media_ip_type] [media_ip]",
            "s=-",
            "c=IN IP[media_ip_type] [media_ip]",
            "t=0 0",
            f"m=audio {port} RTP/AVP 0 101",
            "a=rtpmap:0 PCMU/8000",
            "a=rtpmap:101 telephone-event/8000",
            "a=fmtp:101 0-15",
            "a=ptime:20",
            *lines,
        ]
    )


def run(
    host: Host, name: str, text: str, peer: Host | None = None, *, transport: str = "u1", more: tuple[str, ...] = ()
) -> Popen[bytes]:
    """Start SIPp on a host for one call: as the caller where there is a *peer*, else as the callee."""
    file = host.folder / f"{name}.xml"
    file.write_text(text)
    target = [f"{peer.url_address}:5060"] if peer else []
    options = f"-m 1 -i {host.address} -p 5060 -mi {host.address} -mp 16384 -t {transport} -nostdin -trace_err"
    call_id = f"{name}-%u@example.com"
    program = host.start("sipp", *target, "-sf", file, "-cid_str", call_id, *options.split(), *more)
    if peer is None:
        host.wait_for_port(5060)
    return program


def finish(*programs: Popen[bytes]) -> None:
    """Wait until every SIPp has seen its call end; a RuntimeError where one says that the call went wrong."""
    for program in programs:
        if program.wait(60) != 0:
            raise RuntimeError(f"SIPp ended with status {program.returncode}: {program.args!r}")


def tone(host: Host, seconds: float) -> Path:
    """A file with a tone, in the host's folder."""
    file = host.folder / "tone.pcmu"
    file.write_bytes(TONE * round(seconds * 10))
    return file


def _message(*headers: str, body: str) -> str:
    content = [f"Content-Type: application/sdp\nContent-Length: [len]\n\n{body}"] if body else ["Content-Length: 0\n"]
    return "\n".join([*headers, *content])
