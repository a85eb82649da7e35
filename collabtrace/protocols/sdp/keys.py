"""Keys of encrypted media: crypto (RFC 4568) and fingerprint (RFC 8122)."""

import re
from dataclasses import dataclass, field

from collabtrace.errors import ParseError

# "a=crypto:" tag 1*WSP crypto-suite 1*WSP key-params *(1*WSP session-param)
_CRYPTO = re.compile(r"\s*+([0-9]{1,9})\s++(\S++)\s++(\S++)(?:\s++(.*+))?", re.DOTALL)
_FINGERPRINT = re.compile(r"\s*+([A-Za-z0-9\-]++)\s++([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})*+)\s*+")

HIDDEN = "***"
"""What stands for a key."""


@dataclass(frozen=True, slots=True)
class Crypto:
    """One offered or chosen SRTP suite. Its key is a secret: it is shown by nothing but ``key_parameters``."""

    tag: int
    suite: str
    """``AES_CM_128_HMAC_SHA1_80`` …"""
    key_parameters: str = field(repr=False)
    """``inline:`` and the master key and salt: whoever has them can listen."""
    session_parameters: str | None = None

    @classmethod
    def parse(cls, text: str) -> "Crypto":
        """Read ``1 AES_CM_128_HMAC_SHA1_80 inline:…``."""
        match = _CRYPTO.fullmatch(text.rstrip())
        if match is None:
            raise ParseError("crypto is not tag, suite and key")
        return cls(int(match[1]), match[2], match[3], match[4])

    @property
    def masked(self) -> str:
        """The attribute with the key hidden."""
        return self._written(self.key_parameters.partition(":")[0] + ":" + HIDDEN)

    def __str__(self) -> str:
        return self._written(self.key_parameters)

    def _written(self, key: str) -> str:
        more = "" if self.session_parameters is None else f" {self.session_parameters}"
        return f"{self.tag} {self.suite} {key}{more}"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The hash of the certificate that a DTLS or TLS peer will show."""

    hash: str
    """In lower case: ``sha-256``."""
    value: str
    """Hexadecimal octets with colons, in upper case."""

    @classmethod
    def parse(cls, text: str) -> "Fingerprint":
        """Read ``sha-256 4A:AD:…``."""
        match = _FINGERPRINT.fullmatch(text)
        if match is None:
            raise ParseError(f"fingerprint {text[:40]!r} is not a hash and octets")
        return cls(match[1].lower(), match[2].upper())

    def __str__(self) -> str:
        return f"{self.hash} {self.value}"
