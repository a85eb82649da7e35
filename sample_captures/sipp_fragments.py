"""Two calls over UDP with an INVITE that needs three IP fragments: one answered, one to a closed port.

Bob answers the first call with a media port on which nobody listens, so his machine answers Alice's RTP with
ICMP port unreachable. On the second call nobody listens on his port 5060 either. Recorded at the caller.
"""

from pathlib import Path

from lab.network import Host, Network
from lab.recorder import recording
from lab.sipp import answer, audio_sdp, expect, finish, pause, play, request, run, scenario, send, tone

CAPTURE = Path(__file__).with_suffix(".pcapng")

CLOSED_PORT = "17000"
CANDIDATES = [
    f"a=candidate:{number} 1 udp {2130706431 - number} 192.0.2.10 {20000 + 2 * number} typ host generation 0"
    for number in range(44)
]


def answered(caller: Host, callee: Host) -> None:
    """Bob answers, but his media port is closed."""
    bob = scenario(
        expect("INVITE"),
        send(answer(200, "OK", audio_sdp(CLOSED_PORT))),
        expect("ACK"),
        expect("BYE"),
        send(answer(200, "OK"), again=False),
    )
    alice = scenario(
        send(request("INVITE", 1, audio_sdp("[rtpstream_audio_port]", *CANDIDATES))),
        expect(100, optional=True),
        expect(200),
        send(request("ACK", 1), again=False),
        play(tone(caller, 1.0)),
        pause(1200),
        send(request("BYE", 2)),
        expect(200),
    )
    finish(run(callee, "fragmented", bob), run(caller, "fragmented", alice, callee))


def nobody_there(caller: Host, callee: Host) -> None:
    """Alice's INVITE meets a closed port and is sent again in vain."""
    alice = scenario(send(request("INVITE", 1, audio_sdp("[rtpstream_audio_port]", *CANDIDATES))), expect(200))
    program = run(caller, "nobody", alice, callee, more=("-max_invite_retrans", "2"))
    program.wait(60)


def main() -> None:
    """Record the two calls one after another."""
    with Network() as network:
        caller, callee = network.host("alice", "192.0.2.10"), network.host("bob", "198.51.100.20")
        with recording({caller: CAPTURE}):
            answered(caller, callee)
            nobody_there(caller, callee)


if __name__ == "__main__":
    main()
