"""The grammar of SIP (RFC 3261 §25.1) as regular-expression fragments, and what follows from it directly.

Every repetition is possessive or cannot overlap its neighbour, so that matching takes time in
proportion to the text, whatever the text is.
"""

import re

# token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~")
TOKEN = r"[A-Za-z0-9\-.!%*_+`'~]++"  # noqa: S105 - a production of the grammar, not a secret

# quoted-string = SWS DQUOTE *(qdtext / quoted-pair) DQUOTE
QUOTED_STRING = r'"(?:[^"\\]++|\\.)*+"'

# LWS = [*WSP CRLF] 1*WSP; folding is gone before values are parsed
SWS = r"[ \t]*+"

# IPv6reference = "[" IPv6address "]"; a zone is not allowed but seen
IPV6_REFERENCE = r"\[[0-9A-Fa-f:.]++(?:%[0-9A-Za-z._~\-]++)?\]"

# host = hostname / IPv4address / IPv6reference; the underscore is not allowed but common
HOST = rf"(?:{IPV6_REFERENCE}|[A-Za-z0-9_\-.]++)"

# port = 1*DIGIT
PORT = r"[0-9]{1,5}"

# gen-value = token / host / quoted-string; wider here, because values such as "a/b" and "k=v=" are common
PARAMETER_VALUE = rf"(?:{QUOTED_STRING}|[^\s;,?\"<>]++)"

_LIST_ITEM = re.compile(r'(?:[^,"<\\]++|"(?:[^"\\]++|\\.)*+"?|<[^>"]*+>?|[\\])*+', re.DOTALL)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_TO_ESCAPE = re.compile(r'(["\\])')


def split_list(text: str) -> list[str]:
    """Split at the commas that are outside quoted strings and angle brackets; empty items are left out."""
    if "," not in text:
        text = text.strip()
        return [text] if text else []
    items = []
    position = 0
    while position <= len(text):
        match = _LIST_ITEM.match(text, position)
        end = match.end() if match else len(text)
        item = text[position:end].strip()
        if item:
            items.append(item)
        position = end + 1
    return items


def unquote(text: str) -> str:
    """The content of a quoted string; any other text as it is."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return text
    return _QUOTED_PAIR.sub(r"\1", text[1:-1])


def quote(text: str) -> str:
    """Write *text* as a quoted string."""
    return '"' + _TO_ESCAPE.sub(r"\\\1", text) + '"'
