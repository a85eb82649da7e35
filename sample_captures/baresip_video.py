"""A call with sound and picture between two baresip agents through a Kamailio proxy that stays in the dialog.

The proxy asks for credentials (407). While they talk, Alice presses 5 and #, puts Bob on hold, and takes him back.
Recorded at both ends: each shows its own leg and all the media.
"""

import time
from pathlib import Path

from lab import kamailio
from lab.baresip import Agent
from lab.network import Network
from lab.recorder import recording

HERE = Path(__file__).parent


def call(alice: Agent, bob: Agent) -> None:
    """Talk, press two keys, hold, talk again, hang up."""
    alice.command("dial", "sip:bob@example.com")
    alice.wait_for("Call established")
    time.sleep(2)
    for key in "5#":
        alice.command("sndcode", key)
        time.sleep(0.5)
    alice.command("hold")
    time.sleep(1.5)
    alice.command("resume")
    time.sleep(2)
    alice.command("hangup")
    bob.wait_for("terminated")


def main() -> None:
    """Record the call."""
    with Network() as network:
        caller, callee = network.host("alice", "192.0.2.10"), network.host("bob", "198.51.100.20")
        proxy = network.host("proxy", "203.0.113.5")
        kamailio.start(proxy)
        with recording({caller: HERE / "baresip_video_caller.pcapng", callee: HERE / "baresip_video_callee.pcapng"}):
            bob = Agent(callee, proxy, "bob")
            bob.wait_for("200 OK (Kamailio)")
            alice = Agent(caller, proxy, "alice")
            alice.wait_for("200 OK (Kamailio)")
            call(alice, bob)
            time.sleep(0.5)


if __name__ == "__main__":
    main()
