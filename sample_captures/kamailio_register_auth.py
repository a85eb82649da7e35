"""Two baresip agents register with a Kamailio proxy that asks for credentials (401), one over UDP, one over TCP.

Alice also subscribes to Bob's presence and asks for his abilities with OPTIONS; Carol registers with a wrong
password and is refused. At the end all of them unregister. Recorded at the proxy.
"""

import time
from pathlib import Path

from lab import kamailio
from lab.baresip import Agent
from lab.network import Network
from lab.recorder import recording

CAPTURE = Path(__file__).with_suffix(".pcapng")


def main() -> None:
    """Record the registrations and what follows."""
    with Network() as network:
        hosts = (
            network.host("alice", "192.0.2.10"),
            network.host("bob", "198.51.100.20"),
            network.host("carol", "10.0.0.30"),
        )
        proxy = network.host("proxy", "203.0.113.5")
        kamailio.start(proxy)
        with recording({proxy: CAPTURE}):
            bob = Agent(hosts[1], proxy, "bob")
            bob.wait_for("200 OK (Kamailio)")
            alice = Agent(hosts[0], proxy, "alice", transport="tcp", contacts="<sip:bob@example.com>;presence=p2p\n")
            alice.wait_for("200 OK (Kamailio)")
            carol = Agent(hosts[2], proxy, "carol", password="wrong")  # noqa: S106
            carol.wait_for("401 Unauthorized")
            time.sleep(1)
            alice.command("options", "sip:bob@example.com")
            alice.wait_for("OPTIONS of")
            for agent in (carol, alice, bob):
                agent.quit()


if __name__ == "__main__":
    main()
