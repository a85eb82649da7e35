"""Substitutes for words: the same word always becomes the same other word of the same length and kind.

A keyed permutation, so that nothing has to be remembered and no two words become one: digits stay digits, letters keep
their case, hexadecimal stays hexadecimal. Numbers keep their endings together: where one number ends in another (an
extension and its full number), so do their substitutes. No word is its own substitute.
"""

import hashlib
import re

_HEXADECIMAL = re.compile(
    r"(?=[0-9]*[a-fA-F])(?:(?=[a-fA-F]*[0-9])(?:[0-9a-f]{4,5}|[0-9A-F]{4,5})|[0-9a-f]{6,}|[0-9A-F]{6,})"
)
_MOST_REMEMBERED = 1 << 18
"""Words whose substitutes are kept at hand."""
_ROUNDS = 4
_OPAQUE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
FEWEST_TELLING = 6
"""Letters of a word that is unlikely to be met by chance."""
_HEX_LOWER, _HEX_UPPER = "0123456789abcdef", "0123456789ABCDEF"
_DIGITS, _LOWER, _UPPER = "0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Words:
    """The substitutes under one key."""

    def __init__(self, key: bytes) -> None:
        """*key* of any length decides all substitutes."""
        self._key = hashlib.blake2b(key, digest_size=32).digest()
        self._known: dict[str, str] = {}
        self.replaced: set[str] = set()
        """Words that were replaced and are long enough to be told from others."""
        self._shifts = {radix: 1 + self._noise(b"last", bytes([radix]))[0] % (radix - 1) for radix in (10, 16, 26)}

    def word(self, word: str) -> str:
        """The substitute of a run of letters and digits."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) == _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[word] = self._numeric(word) if word.isdecimal() else self._letters(word)
            if len(word) >= FEWEST_TELLING and not word.isdecimal():
                self.replaced.add(word)
        return known

    def secret(self, text: str) -> str:
        """Text of the same length in place of a secret; not even letters and digits stay apart."""
        noise = self._long_noise(text)
        return "".join(_OPAQUE[noise[at] % 62] if letter.isalnum() else letter for at, letter in enumerate(text))

    def number(self, purpose: str, value: bytes) -> int:
        """A number of 512 bits that *value* decides."""
        return int.from_bytes(self._noise(purpose.encode(), value), "big")

    def _numeric(self, word: str) -> str:
        """Each digit is changed by all that follow it; they are hashed as they come, each once."""
        digits, shift, tail = [], self._shifts[10], hashlib.blake2b(key=self._key, person=b"digit")
        for digit in reversed(word):
            digits.append(str((int(digit) + shift) % 10))
            tail.update(digit.encode())
            shift = tail.copy().digest()[0]
        return "".join(reversed(digits))

    def _letters(self, word: str) -> str:
        if _HEXADECIMAL.fullmatch(word):
            alphabets = [_HEX_LOWER if word.islower() else _HEX_UPPER] * len(word)
        else:
            alphabets = [_alphabet(letter) for letter in word]
        values = [max(alphabet.find(letter), 0) for alphabet, letter in zip(alphabets, word, strict=True)]
        mixed = self._mix(values[:-1], [len(each) for each in alphabets[:-1]], values[-1])
        mixed.append((values[-1] + self._shifts[len(alphabets[-1])]) % len(alphabets[-1]))
        return "".join(alphabet[value] for alphabet, value in zip(alphabets, mixed, strict=True))

    def _mix(self, values: list[int], radix: list[int], last: int) -> list[int]:
        """A Feistel network whose halves are changed place by place, each within its own alphabet."""
        half = len(values) // 2
        for turn in range(_ROUNDS):
            change, other = (slice(0, half), slice(half, None)) if turn % 2 else (slice(half, None), slice(0, half))
            context = len(values).to_bytes(4, "big") + bytes([turn, last, *radix, *values[other]])
            noise = self._long(b"word", context, len(values))
            values[change] = [
                (value + step) % size for value, step, size in zip(values[change], noise, radix[change], strict=False)
            ]
        return values

    def _long_noise(self, text: str) -> bytes:
        return self._long(b"secret", text.encode("utf-8", "surrogatepass"), len(text))

    def _long(self, purpose: bytes, context: bytes, count: int) -> bytes:
        noise = self._noise(purpose, context)
        return noise if count <= len(noise) else hashlib.shake_256(noise).digest(count)

    def _noise(self, purpose: bytes, context: bytes) -> bytes:
        return hashlib.blake2b(context, key=self._key, person=purpose).digest()


def _alphabet(letter: str) -> str:
    if letter in _DIGITS:
        return _DIGITS
    # Bytes of other letters become plain ones: half of such a letter would be no text.
    return _UPPER if letter in _UPPER else _LOWER
