"""One call between two SIPp agents over TCP: messages larger than a segment, several in one segment, a re-INVITE.

The offer names so many codecs that the INVITE needs two segments. While Bob answers, the router loses what he
sends for a moment, and TCP sends several responses again in one segment. Later Alice adds video, which Bob
declines. Recorded at both ends.
"""

import time
from pathlib import Path

from lab.network import Host, Network
from lab.recorder import recording
from lab.sipp import answer, audio_sdp, expect, finish, pause, play, request, run, scenario, send, tone

HERE = Path(__file__).parent

ALLOW = "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, REFER, NOTIFY, SUBSCRIBE, PRACK\nSupported: replaces"
MANY_CODECS = [
    line
    for number in range(12)
    for line in (
        f"a=rtpmap:{102 + number} MP4A-LATM/90000",
        f"a=fmtp:{102 + number} profile-level-id={24 + number};object=23;bitrate={(number + 4) * 16000}",
        f"a=rtcp-fb:{102 + number} nack",
    )
]
VIDEO = ["m=video 16484 RTP/AVP 97", "a=rtpmap:97 H264/90000", "a=fmtp:97 profile-level-id=42801F", "a=content:main"]
NO_VIDEO = ["m=video 0 RTP/AVP 97"]


def call(network: Network, caller: Host, callee: Host) -> None:
    """Alice calls, offers video later, is declined it, and hangs up."""
    bob = scenario(
        expect("INVITE"),
        send(answer(100, "Trying"), again=False),
        pause(1000),
        send(answer(180, "Ringing", more=ALLOW), again=False),
        send(answer(183, "Session Progress", audio_sdp(), more=ALLOW), again=False),
        send(answer(200, "OK", audio_sdp(), more=ALLOW), again=False),
        expect("ACK"),
        play(tone(callee, 1.5)),
        expect("INVITE"),
        send(answer(100, "Trying"), again=False),
        send(answer(200, "OK", audio_sdp("[rtpstream_audio_port]", *NO_VIDEO, version=2)), again=False),
        expect("ACK"),
        expect("BYE"),
        send(answer(200, "OK"), again=False),
    )
    alice = scenario(
        send(request("INVITE", 1, audio_sdp("[rtpstream_audio_port]", *MANY_CODECS), more=ALLOW), again=False),
        expect(100, optional=True),
        expect(180, optional=True),
        expect(183, optional=True),
        expect(200),
        send(request("ACK", 1), again=False),
        play(tone(caller, 1.5)),
        pause(1000),
        send(request("INVITE", 2, audio_sdp("[rtpstream_audio_port]", *VIDEO, version=2), more=ALLOW), again=False),
        expect(100, optional=True),
        expect(200),
        send(request("ACK", 2), again=False),
        pause(1000),
        send(request("BYE", 3), again=False),
        expect(200),
    )
    agents = run(callee, "tcp", bob, transport="t1"), run(caller, "tcp", alice, callee, transport="t1")
    time.sleep(0.5)
    network.cut(callee, seconds=1.0)
    finish(*agents)


def main() -> None:
    """Record the call."""
    with Network() as network:
        caller, callee = network.host("alice", "192.0.2.10"), network.host("bob", "198.51.100.20")
        with recording({caller: HERE / "sipp_tcp_caller.pcapng", callee: HERE / "sipp_tcp_callee.pcapng"}):
            call(network, caller, callee)


if __name__ == "__main__":
    main()
