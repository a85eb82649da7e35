"""Text of protocols with every word replaced that is not of the protocol; the length stays.

What is private is not searched for: everything is, unless the vocabulary or its place says otherwise.
"""

import ipaddress
import re
from functools import lru_cache

from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.vocabulary import PRODUCTS, WORDS
from collabtrace.redaction.words import FEWEST_TELLING, Words

_TOKEN = re.compile(
    r"""
      (?P<call>(?<![\w-])[0-9a-fA-F]{8}-[0-9a-fA-F]{8}-[0-9a-fA-F]+-[0-9a-fA-F]{1,8}(?=@))
    | (?P<mac>(?<![\w:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\3){4}[0-9A-Fa-f]{2}(?![\w:-]))
    | (?P<six>(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4})(?![\w:]))
    | (?P<four>(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d))
    | (?P<kept>(?<![\w.-])(?:rport|ttl|q|expires|cause|counter|refresher|handling|algorithm|qop|nc|stale|duration
        |\+u\.sip!model[\w.]*|sip\.ice|reg-id|index|cost|generation|priority)\s*=\s*"?[\w.+-]*+(?![:@]))
    | (?P<port>(?<=[\w\]])(?<!sip)(?<!sips)(?<!tel):\d{1,5}(?![\w@.-]))
    | (?P<named>(?<=[;?&,])[ ]*[A-Za-z+][\w.!+*~-]*(?==))
    | (?P<version>(?i:SIP|HTTP|RTSP)/\d\.\d)
    | (?P<escape>%[0-9A-Fa-f]{2})
    | (?P<magic>z9hG4bK)
    | (?P<device>(?<![A-Za-z0-9])(?:(?:SEP|CSF|TCT|BOT|TAB|ATA)(?=[0-9A-Z]{3})|SD(?=[0-9a-z]{6,9}-)))
    | (?P<word>[A-Za-z0-9\x80-\xff]+)
    """,
    re.VERBOSE,
)
_SERIAL = re.compile(r"(?=(?:\D*\d){4})(?:[0-9A-Z]{9,}|[0-9a-f]{10,})|[0-9A-Fa-f]{12}")
"""A serial number or MAC address in the name of a product."""
_WORD = re.compile(r"[A-Za-z0-9\x80-\xff]++")
_ASIDE = re.compile(r'"(?:[^"\\]|\\.)*+"?|\((?:[^()\\]|\\.)*+\)?', re.DOTALL)
"""A quoted string or a comment (RFC 3261 §25.1), also one that is not closed."""
_PARTS = re.compile(rf"[A-Za-z0-9]{{{FEWEST_TELLING},}}")
_HOST = re.compile(
    r"(?<![\w.-])(?:[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)+\.[A-Za-z]{2,}"
    r"|[A-Za-z][\w-]*\.(?:local|lan|com|net|org|corp|internal|intern|intra|example|invalid|test))(?![\w.-])"
)
"""The name of a host: three labels, none of which is the number of a version, or a usual last one."""
_NIL = 4
"""Zeros that are no number of anybody."""
_REMEMBERED = 1 << 15
_STAY = frozenset(("kept", "port", "named", "version", "magic", "device"))


class Text:
    """Replaces words, addresses and secrets in text."""

    def __init__(self, words: Words, addresses: Addresses) -> None:
        self.words, self.addresses = words, addresses
        self.names: frozenset[str] = frozenset()
        """Names of people and machines in lower case, known from the tables: they go even where products stand."""
        self.public: set[str] = set()
        """Words that stayed because of their place."""
        self.stays = lru_cache(_REMEMBERED)(self._stays)
        """Text of the protocol, as it is."""
        self.private = lru_cache(_REMEMBERED)(self._private)
        """Text with all words replaced that the vocabulary does not hold."""

    def _private(self, text: str) -> str:
        return _TOKEN.sub(self._token, text)

    def product(self, text: str) -> str:
        """The name of a product, without addresses, names of hosts and serial numbers."""
        return _TOKEN.sub(self._serial, _HOST.sub(lambda found: self.private(found[0]), text))

    def of_protocol(self, text: str) -> str:
        """A value of the protocol: it stays, but names that are known, and what is quoted or said aside."""
        done, at = [], 0
        for aside in _ASIDE.finditer(text):
            done += [_WORD.sub(lambda word: self._known(word[0]), text[at : aside.start()]), self.private(aside[0])]
            at = aside.end()
        return "".join(done) + _WORD.sub(lambda word: self._known(word[0]), text[at:])

    def _serial(self, found: re.Match[str]) -> str:
        if found.lastgroup == "word" and not _SERIAL.fullmatch(found[0]):
            return self._known(found[0])
        return self._token(found)

    def _stays(self, text: str) -> str:
        self.public.update(_PARTS.findall(text))
        return text

    def _known(self, word: str) -> str:
        """A word that stays, unless it is somebody's name and not that of a product."""
        lower = word.lower()
        if lower in self.names and lower not in PRODUCTS and not word.isdecimal():
            return self.plain(word)
        if len(word) >= FEWEST_TELLING:
            self.public.add(word)
        return word

    def _token(self, found: re.Match[str]) -> str:
        kind, text = found.lastgroup, found[0]
        if kind == "word":
            return text if text.lower() in WORDS else self.plain(text)
        if kind in _STAY:
            self.public.update(_PARTS.findall(text))
            return text
        if kind == "call":
            return self._cucm(text, found.string[found.end() + 1 :])
        if kind == "six":
            return self._six(text)
        if kind == "four":
            return self._four(text)
        if kind == "mac":
            return self._mac(text, found[3])
        return self._escape(text)

    def plain(self, word: str) -> str:
        """The substitute of one word; of twelve hexadecimal digits, that of a MAC address."""
        if len(word) >= _NIL and not word.strip("0"):
            # RFC 7989 §5: a UUID of zeros says that there is none.
            return word
        if len(word) == 12 and re.fullmatch(r"[0-9A-F]+|[0-9a-f]+", word):
            changed = self.addresses.mac(bytes.fromhex(word)).hex()
            if changed != word.lower():
                return changed.upper() if word.isupper() else changed
        return self.words.word(word)

    def _cucm(self, text: str, behind: str) -> str:
        """A Call-ID of CUCM: its last group is the address of a node, the first is that of a Cisco-Guid."""
        first, second, third, last = text.split("-")
        host = re.match(r"[0-9.]*", behind)
        hidden = self.addresses.hidden(int(last, 16), host[0] if host else "")
        end = self.plain(last) if hidden is None else f"{hidden:0{len(last)}x}"
        return "-".join((self.guid(first), self.plain(second), self.plain(third), end))

    def guid(self, group: str) -> str:
        """The first group, whose highest octet stays so that it is as long in decimal."""
        return group[:2] + self.plain("a" + group[2:].lower())[1:]

    def cisco_guid(self, value: str) -> str:
        """Four decimal numbers; where the last is an address it is as in the Call-IDs that CUCM makes of it."""
        numbers = value.strip().split("-")
        if len(numbers) != 4 or not all(each.isdecimal() and len(each) < 11 for each in numbers):
            return self.private(value)
        first, *middle, last = numbers
        begin = str(int(self.guid(f"{int(first):08x}"), 16)).zfill(len(first))
        hidden = self.addresses.hidden(int(last))
        end = self.plain(last) if hidden is None else str(hidden).zfill(len(last))
        changed = value.replace("-".join(numbers), "-".join((begin, *map(self.plain, middle), end)))
        return changed if len(changed) == len(value) else self.private(value)

    def _four(self, text: str) -> str:
        octets = [int(octet) for octet in text.split(".")]
        if max(octets) > 255:
            return ".".join(self.plain(octet) for octet in text.split("."))
        changed = ".".join(map(str, self.addresses.ipv4(bytes(octets))))
        return changed if len(changed) == len(text) else ".".join(self.plain(octet) for octet in text.split("."))

    def _six(self, text: str) -> str:
        try:
            address = ipaddress.IPv6Address(text)
        except ValueError:
            return re.sub(r"[0-9A-Fa-f]+", lambda found: self.plain(found[0]), text)
        changed = self.addresses.ipv6(address.packed)
        front, dotted, behind = text, "", ""
        if "." in text:
            front, _, behind = text.rpartition(":")
            front, dotted = front + ":", ".".join(map(str, changed[12:]))
        before, gap, after = front.partition("::")
        groups = [f"{int.from_bytes(changed[at : at + 2], 'big'):x}" for at in range(0, 12 if behind else 16, 2)]
        left = self._groups(before, groups)
        right = self._groups(after, groups[len(groups) - len(re.findall(r"[0-9A-Fa-f]+", after)) :])
        whole = left + gap + right + dotted
        return whole if len(whole) == len(text) else text.translate(_ZEROS)

    @staticmethod
    def _groups(text: str, groups: list[str]) -> str:
        following = iter(groups)

        def change(found: re.Match[str]) -> str:
            group = next(following).zfill(len(found[0]))
            return group.upper() if found[0].isupper() else group

        return re.sub(r"[0-9A-Fa-f]+", change, text)

    def _mac(self, text: str, separator: str) -> str:
        changed = self.addresses.mac(bytes.fromhex(text.replace(separator, ""))).hex(separator)
        return changed.upper() if text.isupper() else changed

    def _escape(self, text: str) -> str:
        """A percent-encoded octet: a letter or digit that hides so is replaced."""
        return "%78" if chr(int(text[1:], 16)).isalnum() else text


_ZEROS = {ord(letter): "0" for letter in "123456789abcdefABCDEF"}
