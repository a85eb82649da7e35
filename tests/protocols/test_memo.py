from collabtrace.protocols.memo import Memo


def test_a_text_is_made_once() -> None:
    made: list[str] = []

    def shout(text: str) -> str:
        made.append(text)
        return text.upper()

    memo = Memo(shout)
    assert [memo["a"], memo["b"], memo["a"]] == ["A", "B", "A"]
    assert made == ["a", "b"]


def test_it_never_grows_beyond_its_bound() -> None:
    memo = Memo(len, entries=10)
    for number in range(1000):
        assert memo[str(number)] == len(str(number))
        assert len(memo) <= 10


def test_long_texts_are_not_kept() -> None:
    memo = Memo(len, longest=5)
    assert memo["123456"] == 6
    assert not memo
