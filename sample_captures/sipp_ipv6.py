"""A call over IPv6 and UDP between two SIPp agents, whose INVITE needs IPv6 fragments.

Bob sends early media (183) before he answers, and hangs up himself. Recorded at the callee.
"""

from pathlib import Path

from lab.network import Host, Network
from lab.recorder import recording
from lab.sipp import answer, audio_sdp, expect, finish, pause, play, request, run, scenario, send, tone

CAPTURE = Path(__file__).with_suffix(".pcapng")

CODECS = [
    line
    for number in range(96, 120)
    if number != 101
    for line in (f"a=rtpmap:{number} EXAMPLE-{number}/16000", f"a=fmtp:{number} mode-set=0,1,2,3;octet-align=1")
]
BYE = """\
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: "Bob" <sip:bob@example.com>;tag=bob-[call_number]
To: "Alice" <sip:alice@example.com>;tag=alice-[call_number]
Call-ID: [call_id]
CSeq: 1 BYE
Content-Length: 0
"""


def call(caller: Host, callee: Host) -> None:
    """Bob plays an announcement, answers, and hangs up."""
    bob = scenario(
        expect("INVITE", contact=True),
        send(answer(183, "Session Progress", audio_sdp()), again=False),
        play(tone(callee, 1.5)),
        pause(500),
        send(answer(200, "OK", audio_sdp())),
        expect("ACK"),
        pause(1200),
        send(BYE),
        expect(200),
    )
    alice = scenario(
        send(request("INVITE", 1, audio_sdp("[rtpstream_audio_port]", *CODECS))),
        expect(183),
        expect(200),
        send(request("ACK", 1), again=False),
        play(tone(caller, 1.0)),
        expect("BYE"),
        send(answer(200, "OK"), again=False),
    )
    finish(run(callee, "ipv6", bob), run(caller, "ipv6", alice, callee))


def main() -> None:
    """Record the call."""
    with Network() as network:
        caller, callee = network.host("alice", "2001:db8:a::10"), network.host("bob", "2001:db8:b::20")
        with recording({callee: CAPTURE}):
            call(caller, callee)


if __name__ == "__main__":
    main()
