import pytest

from collabtrace.errors import ParseError
from collabtrace.protocols.sdp.keys import Crypto, Fingerprint

CRYPTO = "1 AES_CM_128_HMAC_SHA1_80 inline:QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNk|2^20|1:4 UNENCRYPTED_SRTCP"


def test_crypto() -> None:
    crypto = Crypto.parse(CRYPTO)
    assert (crypto.tag, crypto.suite) == (1, "AES_CM_128_HMAC_SHA1_80")
    assert crypto.session_parameters == "UNENCRYPTED_SRTCP"
    assert str(crypto) == CRYPTO


def test_the_key_is_not_shown_by_accident() -> None:
    crypto = Crypto.parse(CRYPTO)
    assert "QUJD" not in repr(crypto)
    assert crypto.masked == "1 AES_CM_128_HMAC_SHA1_80 inline:*** UNENCRYPTED_SRTCP"


def test_the_key_is_not_shown_by_an_error() -> None:
    with pytest.raises(ParseError) as raised:
        Crypto.parse("AES_CM_128_HMAC_SHA1_80 inline:QUJD")
    assert "QUJD" not in str(raised.value)


def test_fingerprint() -> None:
    fingerprint = Fingerprint.parse("SHA-256 4a:AD:b9")
    assert fingerprint == Fingerprint("sha-256", "4A:AD:B9")
    assert str(fingerprint) == "sha-256 4A:AD:B9"


@pytest.mark.parametrize("text", ["", "sha-1", "sha-1 4AAD", "sha-1 4A:", "sha-1 4A:X1"])
def test_what_is_no_fingerprint(text: str) -> None:
    with pytest.raises(ParseError):
        Fingerprint.parse(text)
