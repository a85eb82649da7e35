"""Substitutes for words."""

import re

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.redaction.words import Words

WORDS = Words(b"a key")


@given(st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=40))
def test_a_word_becomes_another_of_the_same_length(word: str) -> None:
    assert len(WORDS.word(word)) == len(word)
    assert WORDS.word(word) != word


@given(st.text("0123456789", min_size=1, max_size=15), st.text("0123456789", min_size=1, max_size=8))
def test_numbers_with_one_ending_still_have_one(front: str, ending: str) -> None:
    assert WORDS.word(front + ending).endswith(WORDS.word(ending))


@given(st.text("abcXYZ019", min_size=200, max_size=2_000))
def test_a_word_may_be_long(word: str) -> None:
    assert len(WORDS.word(word)) == len(word)
    assert WORDS.word(word) != word


def test_long_words_take_no_longer_for_each_letter() -> None:
    """It would take minutes if each digit were hashed with all behind it."""
    for letters in ("7", "Qz7"):
        word = letters * (300_000 // len(letters))
        assert len(WORDS.word(word)) == len(word)
    assert len(WORDS.secret("x" * 300_000)) == 300_000


def test_no_two_numbers_become_one() -> None:
    numbers = [f"{number:04}" for number in range(10_000)]
    assert sorted(map(WORDS.word, numbers)) == numbers


def test_no_two_words_become_one() -> None:
    words = [one + other + "x" for one in "abcdefghij" for other in "klmnopqrst"]
    assert len(set(map(WORDS.word, words))) == len(words)


def test_case_stays_as_it_was() -> None:
    assert WORDS.word("Alice").lower() == WORDS.word("alice")
    assert WORDS.word("Alice").istitle()


def test_hexadecimal_stays_hexadecimal() -> None:
    assert re.fullmatch("[0-9a-f]{32}", WORDS.word("ab30317f1a784dc48ff824d0d3715d86"))
    assert re.fullmatch("[0-9A-F]{8}", WORDS.word("AB30317F"))


def test_the_key_decides() -> None:
    assert Words(b"a key").word("alice") == WORDS.word("alice") != Words(b"another key").word("alice")


def test_nothing_tells_the_kind_of_a_secrets_letters() -> None:
    assert WORDS.secret("aaaaaaaaaa/aaaaaaaaaaaaaaaaaaaaaaaaaaaa==")[10] == "/"
    assert not WORDS.secret("a" * 40).islower()


def test_what_was_replaced_and_is_long_enough_is_remembered() -> None:
    words = Words(b"a key")
    words.word("alice"), words.word("alexandra"), words.word("4930123456")
    assert words.replaced == {"alexandra"}
