"""Rows by Call-ID."""

from collabtrace.sessions.grouping import by_call_id
from collabtrace.testing.conversation import conversation


def test_the_rows_of_each_call_id_of_each_file() -> None:
    said = conversation("""
        0 alice bob INVITE 1 a call=one
        1 alice bob INVITE 1 b call=two
        2 alice bob INVITE 1 a call=one file=outside.pcap
        3 alice bob INVITE 2 a call=one
    """)
    assert by_call_id(said.messages) == [[0, 3], [1], [2]]


def test_a_message_without_call_id_is_in_no_group() -> None:
    messages = conversation("0 alice bob INVITE 1 a").messages.replace(call_id=[None])
    assert by_call_id(messages) == []
