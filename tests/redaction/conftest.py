"""What the tests of redaction share: substitutes under a fixed key."""

import pytest

from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words


@pytest.fixture
def text() -> Text:
    words = Words(b"a key")
    return Text(words, Addresses(words))
