import pytest

from collabtrace.errors import ParseError
from collabtrace.protocols.sdp.candidates import Candidate


def test_a_host_candidate() -> None:
    text = "1 1 UDP 2130706431 192.0.2.1 5000 typ host"
    assert Candidate.parse(text) == Candidate("1", 1, "UDP", 2130706431, "192.0.2.1", 5000, "host")
    assert str(Candidate.parse(text)) == text


def test_a_relayed_candidate() -> None:
    text = "Rc0000201 2 udp 16777215 198.51.100.7 24001 typ relay raddr 192.0.2.1 rport 5001 generation 0"
    candidate = Candidate.parse(text)
    assert (candidate.type, candidate.related_address, candidate.related_port) == ("relay", "192.0.2.1", 5001)
    assert candidate.extensions[-1] == ("generation", "0")
    assert str(candidate) == text


def test_a_host_candidate_has_nothing_behind_it() -> None:
    candidate = Candidate.parse("1 1 TCP 2105458943 2001:db8::1 9 typ host tcptype active")
    assert (candidate.related_address, candidate.related_port) == (None, None)


@pytest.mark.parametrize(
    "text",
    ["", "1 1 UDP 1 192.0.2.1 5000", "1 x UDP 1 192.0.2.1 5000 typ host", "1 1 UDP 1 192.0.2.1 99999 typ host"],
)
def test_what_is_no_candidate(text: str) -> None:
    with pytest.raises(ParseError):
        Candidate.parse(text)
