"""The two directions of a TCP conversation find each other."""

from collabtrace.capture.packets import Flows
from collabtrace.sessions.conversations import OTHER, Conversations


def test_a_conversation_has_the_number_of_its_first_flow() -> None:
    flows = Flows()
    conversations = Conversations(flows)
    flows.add("192.0.2.1", 40000, "192.0.2.2", 5060, "tcp")
    flows.add("192.0.2.1", 5060, "192.0.2.2", 5060, "udp")
    conversations.grow()
    flows.add("192.0.2.2", 5060, "192.0.2.1", 5060, "udp")
    flows.add("192.0.2.2", 5060, "192.0.2.1", 40000, "tcp")
    flows.add("192.0.2.2", 5060, "192.0.2.1", 40001, "tcp")
    conversations.grow()
    assert conversations.numbers.tolist() == [0, OTHER, OTHER, 0, 4]
