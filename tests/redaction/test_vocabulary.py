"""Words of the protocols."""

from collabtrace.protocols.headers import KNOWN
from collabtrace.redaction import vocabulary

SETS = (vocabulary.WORDS, vocabulary.PUBLIC_HEADERS, vocabulary.PRODUCT_HEADERS, vocabulary.SECRET_HEADERS,
        vocabulary.PUBLIC_ATTRIBUTES, vocabulary.PRODUCTS)  # fmt: skip


def test_all_is_in_lower_case() -> None:
    assert all(word == word.lower() for words in SETS for word in words)


def test_headers_with_people_and_machines_are_not_public() -> None:
    private = {"from", "f", "to", "t", "contact", "m", "via", "v", "call-id", "i", "route", "record-route", "subject",
               "s", "warning", "alert-info", "call-info", "remote-party-id", "p-asserted-identity"}  # fmt: skip
    assert private.isdisjoint(vocabulary.PUBLIC_HEADERS)


def test_credentials_are_secret() -> None:
    assert {"authorization", "proxy-authorization"} <= vocabulary.SECRET_HEADERS
    assert "Authorization" in KNOWN.values()
