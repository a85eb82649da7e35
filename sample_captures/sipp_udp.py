"""Three calls between two SIPp agents over UDP: one answered, with RTP both ways; one busy; one cancelled.

Recorded at the caller.
"""

from pathlib import Path

from lab.network import Host, Network
from lab.recorder import recording
from lab.sipp import answer, audio_sdp, expect, finish, pause, play, request, run, scenario, send, tone

CAPTURE = Path(__file__).with_suffix(".pcapng")
INVITE = "z9hG4bK-invite-[pid]"
"""Branch of an INVITE: its CANCEL and the ACK of its failure have the same (RFC 3261 §9.1, §17.1.1.3)."""


def answered(caller: Host, callee: Host) -> None:
    """Bob answers; both play a tone; Alice hangs up."""
    bob = scenario(
        expect("INVITE"),
        send(answer(180, "Ringing"), again=False),
        pause(300),
        send(answer(200, "OK", audio_sdp())),
        expect("ACK"),
        play(tone(callee, 1.5)),
        expect("BYE"),
        send(answer(200, "OK"), again=False),
    )
    alice = scenario(
        send(request("INVITE", 1, audio_sdp())),
        expect(100, optional=True),
        expect(180, optional=True),
        expect(200),
        send(request("ACK", 1), again=False),
        play(tone(caller, 1.5)),
        pause(2000),
        send(request("BYE", 2)),
        expect(200),
    )
    finish(run(callee, "answered", bob), run(caller, "answered", alice, callee))


def busy(caller: Host, callee: Host) -> None:
    """Bob is on another call."""
    bob = scenario(expect("INVITE"), send(answer(486, "Busy Here")), expect("ACK"))
    alice = scenario(
        send(request("INVITE", 1, audio_sdp(), branch=INVITE)),
        expect(100, optional=True),
        expect(486),
        send(request("ACK", 1, branch=INVITE), again=False),
    )
    finish(run(callee, "busy", bob), run(caller, "busy", alice, callee))


def cancelled(caller: Host, callee: Host) -> None:
    """Alice gives up while it rings (RFC 3261 §9)."""
    bob = scenario(
        expect("INVITE"),
        send(answer(180, "Ringing"), again=False),
        expect("CANCEL"),
        send(answer(200, "OK"), again=False),
        send(answer(487, "Request Terminated").replace("[last_CSeq:]", "CSeq: 1 INVITE")),
        expect("ACK"),
    )
    alice = scenario(
        send(request("INVITE", 1, audio_sdp(), branch=INVITE)),
        expect(100, optional=True),
        expect(180),
        pause(700),
        send(request("CANCEL", 1, branch=INVITE)),
        expect(200),
        expect(487),
        send(request("ACK", 1, branch=INVITE), again=False),
    )
    finish(run(callee, "cancelled", bob), run(caller, "cancelled", alice, callee))


def main() -> None:
    """Record the three calls one after another."""
    with Network() as network:
        caller, callee = network.host("alice", "192.0.2.10"), network.host("bob", "198.51.100.20")
        with recording({caller: CAPTURE}):
            answered(caller, callee)
            busy(caller, callee)
            cancelled(caller, callee)


if __name__ == "__main__":
    main()
