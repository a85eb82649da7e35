"""The rounds of a leg: which rows offer and which answer."""

from collabtrace.sessions.rounds import Rounds
from collabtrace.testing.conversation import conversation

AUDIO = '"audio 4000 RTP/AVP 0"'


def of(lines: str) -> list[tuple[list[int], list[int]]]:
    """Rows of the offers and of the answers of each round."""
    said = conversation(lines)
    found = Rounds(said.messages, said.body).of(range(len(said.messages)))
    return [(each.offers, each.answers) for each in found]


def test_a_message_on_several_hops_is_one_offer_with_several_rows() -> None:
    assert of(f"""
        0.0 alice proxy  INVITE     1 a          sdp={AUDIO}
        0.1 proxy server INVITE     1 a   vias=2 sdp={AUDIO}
        0.2 server bob   INVITE     1 a   vias=3 sdp={AUDIO}
        0.3 bob server   200/INVITE 1 a>b vias=3 sdp={AUDIO}
        0.4 server proxy 200/INVITE 1 a>b vias=2 sdp={AUDIO}
        0.5 proxy alice  200/INVITE 1 a>b        sdp={AUDIO}
    """) == [([0, 1, 2], [3, 4, 5])]


def test_a_message_without_description_passes_the_hops_too() -> None:
    assert of(f"""
        0.0 alice proxy INVITE     1 a          sdp={AUDIO}
        0.1 proxy bob   INVITE     1 a   vias=2 sdp={AUDIO}
        0.2 bob   proxy 488/INVITE 1 a>b vias=2
        0.3 proxy alice 488/INVITE 1 a>b
    """) == [([0, 1], [])]


def test_a_prack_that_is_late_offers_anew() -> None:
    assert of(f"""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 183/INVITE 1 a>b sdp={AUDIO} RSeq=1
        0.2 bob   alice 200/INVITE 1 a>b
        0.3 alice bob   ACK        1 a>b
        0.4 alice bob   PRACK      2 a>b sdp={AUDIO} RAck="1 1 INVITE"
    """) == [([1], []), ([4], [])]


def test_news_on_a_hop_that_was_seen_is_a_message_of_its_own() -> None:
    assert of(f"""
        0.0 alice proxy INVITE     1 a          sdp={AUDIO}
        0.1 proxy bob   INVITE     1 a   vias=2 sdp={AUDIO}
        0.2 bob   proxy 183/INVITE 1 a>b vias=2 sdp={AUDIO}
        0.3 proxy alice 183/INVITE 1 a>b        sdp={AUDIO}
        0.4 bob   proxy 183/INVITE 1 a>b vias=2 sdp="audio 4002 RTP/AVP 0"
        0.5 proxy alice 183/INVITE 1 a>b        sdp="audio 4002 RTP/AVP 0"
    """) == [([0, 1], [4, 5])]


def test_both_sides_may_offer_under_the_same_cseq_number() -> None:
    assert of(f"""
        0.0 alice bob   UPDATE     1 a>b sdp={AUDIO}
        0.1 bob   alice UPDATE     1 b>a sdp={AUDIO}
        0.2 bob   alice 491/UPDATE 1 a>b
        0.3 alice bob   200/UPDATE 1 b>a sdp={AUDIO}
    """) == [([0], []), ([1], [3])]


def test_a_header_that_promises_a_body_is_no_description() -> None:
    assert of("""
        0.0 alice bob   INVITE     1 a   Content-Type=application/sdp
        0.1 bob   alice 200/INVITE 1 a>b sdp="audio 4000 RTP/AVP 0"
        0.2 alice bob   ACK        1 a>b sdp="audio 5000 RTP/AVP 0"
    """) == [([1], [2])]


def test_a_prack_after_the_answer_offers_for_itself() -> None:
    assert of(f"""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 183/INVITE 1 a>b sdp={AUDIO} RSeq=1
        0.2 alice bob   PRACK      2 a>b sdp={AUDIO} RAck="1 1 INVITE"
        0.3 bob   alice 200/PRACK  2 a>b
        0.4 alice bob   PRACK      3 a>b sdp={AUDIO} RAck="2 1 INVITE"
        0.5 bob   alice 200/PRACK  3 a>b sdp={AUDIO}
    """) == [([1], [2]), ([4], [5])]


def test_other_requests_neither_offer_nor_answer() -> None:
    assert (
        of(f"""
        0.0 alice bob   MESSAGE     1 a   sdp={AUDIO}
        0.1 bob   alice 200/MESSAGE 1 a>b sdp={AUDIO}
    """)
        == []
    )
