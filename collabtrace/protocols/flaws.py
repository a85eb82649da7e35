"""What flaws quote: their words are ours, but for what they quote of the message."""

import re

_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\"")


def quoted(text: str, most: int) -> str:
    """At most the first *most* letters of *text*, so that the end of the quotation can be told from it."""
    return repr(text[:most])


def kind(flaw: str) -> str:
    """The flaw without what it quotes: the same whatever the message says."""
    return _QUOTED.sub("…", flaw)
