"""An ad hoc conference on Conductor and a TelePresence Server: Alice talks to Bob, calls Carol, presses Conference.

Her phone asks CUCM by REFER. CUCM orders the conference from Conductor by XML-RPC, holds each phone, says by UPDATE
that it now speaks for a conference, calls Conductor, and moves the phone's sound to the bridge by an INVITE without
SDP, whose ACK carries the bridge's address. Last it tells every phone by INFO who takes part (the content type of
that INFO is not known from any product's text; here it is that of RFC 4575).
Recorded at CUCM, which sees all the signalling and no media; captures named ``phone`` were recorded at Alice's phone.
"""

import time
from pathlib import Path

from lab.conference import Conference, leave
from lab.network import Network
from lab.recorder import recording

HERE = Path(__file__).parent
TALK_SECONDS = 5


def record(name: str, focus: str) -> None:
    """Record the conference at CUCM and at Alice's phone; CUCM's Contact has the parameter *focus*."""
    with Network() as network:
        conference = Conference(network, focus=focus, events=True)
        alice = conference.phones[0].host
        places = {conference.cucm_host: HERE / f"{name}.pcapng", alice: HERE / f"{name}_phone.pcapng"}
        with recording(places):
            members = conference.begin()
            time.sleep(TALK_SECONDS)
            for member in members:
                leave(member)
            conference.end()


def isfocus_missing() -> None:
    """Conductor says ``isfocus`` to CUCM, but CUCM says it to none of the phones: to them it is an ordinary call."""
    record("isfocus_missing", "")


def isfocus_healthy() -> None:
    """The healthy twin, different in one thing: toward the phones CUCM's Contact has ``isFocus`` from the UPDATE on."""
    record("isfocus_healthy", ";isFocus")


def main() -> None:
    """Record both."""
    isfocus_missing()
    isfocus_healthy()


if __name__ == "__main__":
    main()
