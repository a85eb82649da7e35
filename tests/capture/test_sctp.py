"""SCTP packets taken apart into user messages."""

import random

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture.sctp import ALL_WAITING_BYTES, WAITING_FRAGMENTS, SctpAssembler, UserMessage
from collabtrace.testing.wire import data_chunk, sctp

SACK = bytes.fromhex("0300001000000001000100000000000000")[:16]


def feed(assembler: SctpAssembler, *chunks: bytes, tag: int = 1, key: object = "a") -> list[bytes]:
    return [message.data for message in assembler.feed(key, sctp(5060, 5060, *chunks, tag=tag))]


def test_a_chunk_is_a_message_unless_its_bits_say_otherwise() -> None:
    packet = sctp(1, 2, SACK, data_chunk(b"odd", tsn=1, protocol=4), data_chunk(b"even", tsn=2))
    assert SctpAssembler().feed("a", packet) == [UserMessage(b"odd", 3, 4), UserMessage(b"even", 4, 0)]


def test_fragments_are_put_together_in_any_order_across_the_wrap_of_the_tsn() -> None:
    assembler = SctpAssembler()
    last = data_chunk(b"ghi", tsn=2**32 + 1, flags="E")
    middle = data_chunk(b"def", tsn=2**32, flags="")
    first = data_chunk(b"abc", tsn=2**32 - 1, flags="B")
    assert feed(assembler, last) == []
    assert feed(assembler, first) == []
    assert feed(assembler, middle) == [b"abcdefghi"]


def test_the_fragments_of_a_message_are_named() -> None:
    assembler = SctpAssembler()
    assembler.feed("a", sctp(1, 2, data_chunk(b"abc", tsn=2**32 - 1, flags="B")))
    (message,) = assembler.feed("a", sctp(1, 2, data_chunk(b"de", tsn=0, flags="E")))
    assert message.fragments == ((2**32 - 1, 3), (0, 2))


def test_fragments_of_two_messages_do_not_mix() -> None:
    assembler = SctpAssembler()
    assert feed(assembler, data_chunk(b"lost head", tsn=1, flags="E"), data_chunk(b"ab", tsn=2, flags="B")) == []
    assert feed(assembler, data_chunk(b"cd", tsn=3, flags="E")) == [b"abcd"]
    assert feed(assembler, data_chunk(b"lost tail", tsn=4, flags="B"), data_chunk(b"whole", tsn=5)) == [b"whole"]


def test_a_repeated_chunk_is_no_second_message() -> None:
    assembler = SctpAssembler()
    assert feed(assembler, data_chunk(b"once", tsn=9)) == [b"once"]
    assert feed(assembler, data_chunk(b"once", tsn=9), data_chunk(b"next", tsn=10)) == [b"next"]


def test_each_direction_and_each_new_association_counts_by_itself() -> None:
    assembler = SctpAssembler()
    chunk = data_chunk(b"first", tsn=1)
    assert feed(assembler, chunk) == [b"first"]
    assert feed(assembler, chunk, key="b") == [b"first"]
    assert feed(assembler, chunk, tag=2) == [b"first"]


def test_a_chunk_that_the_capture_cut_is_given_as_far_as_it_goes() -> None:
    packet = sctp(1, 2, data_chunk(b"a long message", tsn=1))
    assert SctpAssembler().feed("a", packet[:-8]) == [UserMessage(b"a long m", 14, 0)]


def test_fragments_wait_in_bounded_memory() -> None:
    assembler = SctpAssembler()
    for tsn in range(0, 8 * WAITING_FRAGMENTS, 2):
        feed(assembler, data_chunk(b"x", tsn=tsn, flags="B"))
    assert feed(assembler, data_chunk(b"y", tsn=8 * WAITING_FRAGMENTS - 1, flags="E")) == [b"xy"]
    size = 60_000
    keys = range(2 * ALL_WAITING_BYTES // size)
    for key in keys:
        assembler.feed(key, bytes(12) + data_chunk(bytes(size), tsn=1, flags="B"))
    ended = [message for key in keys for message in assembler.feed(key, bytes(12) + data_chunk(b"y", tsn=2, flags="E"))]
    assert ALL_WAITING_BYTES - size < size * len(ended) <= ALL_WAITING_BYTES


@given(
    st.lists(st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=5), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_any_order_of_fragments_gives_the_messages(messages: list[list[bytes]], order: random.Random) -> None:
    tsn, chunks = 0, []
    for parts in messages:
        for place, part in enumerate(parts):
            flags = "B" * (place == 0) + "E" * (place == len(parts) - 1)
            chunks.append(data_chunk(part, tsn=tsn, flags=flags))
            tsn += 1
    order.shuffle(chunks)
    assembler = SctpAssembler()
    found = [message for chunk in chunks for message in feed(assembler, chunk)]
    assert sorted(found) == sorted(b"".join(parts) for parts in messages)


@given(st.lists(st.binary(max_size=90)))
def test_any_bytes_are_taken(packets: list[bytes]) -> None:
    assembler = SctpAssembler()
    for packet in packets:
        for message in assembler.feed("a", packet):
            assert 0 < len(message.data) <= message.wire_length
