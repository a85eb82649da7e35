"""Hides what nobody may read in a shared report: credentials, keys, passwords and dialled digits.

Every view that shows the text of a message shows ``mask(text)``, and every door through which a table leaves the
program lets out ``masked(table)``. What is hidden, and where:

* credentials of HTTP authentication in SIP: response, nonces, whole tokens (RFC 3261 §22, RFC 7616)
* passwords in SIP URIs (RFC 3261 §19.1.1) and digits dialled after the number (``postd``, RFC 2806)
* keys in SDP: ``a=crypto`` (RFC 4568), ``k=``, ``a=key-mgmt`` (RFC 4567), ``a=ice-pwd`` (RFC 8839)
* digits: KPML (RFC 4730), INFO with ``Signal=``, bodies that are nothing but digits
* elements, attributes and members of XML, XML-RPC and JSON that are named like a password, a PIN or digits

Names are compared without case: a pattern is applied to the lower-cased bytes, which have the same
offsets. A name that is not in the text at all costs one search for its trigger, no regular expression.
"""

import functools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from collabtrace.columns import Column, Table
from collabtrace.schema import Digit

MASK = b"[masked]"

KEY = "•"
"""Stands for a key pressed, in tables and pictures."""

SECRET_NAME = rb"[\w.:-]{0,40}(?:password|passwd|passcode|passphrase|\bpin|pincode|secret|digits|dtmf)\b"
"""Names of elements and members whose value is hidden; the prefix covers ``authenticationPassword``."""


class Secret(NamedTuple):
    """Something that is hidden: the group ``secret`` of *pattern* within the group ``region`` of *region*."""

    triggers: tuple[bytes, ...]
    """The text has nothing to hide unless one of these lower-case bytes is in it."""
    pattern: re.Pattern[bytes]
    region: re.Pattern[bytes] | None = None
    """Where to look; everywhere if None."""


_AUTHENTICATION = re.compile(
    rb"(?:^|[\r\n])(?:(?:proxy-)?authorization|(?:www|proxy)-authenticate|(?:proxy-)?authentication-info)[ \t]*:"
    rb"(?P<region>[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)"
)

SECRETS = (
    Secret(
        (b"authoriz", b"authentic"),
        re.compile(
            rb"\b(?:response|nonce|cnonce|nextnonce|rspauth|gssapi-data|auts)[ \t\r\n]*=[ \t\r\n]*"
            rb'(?:"(?P<secret>(?:[^"\\]|\\.)*)|(?P<token>[^\s,"]+))',
            re.DOTALL,
        ),
        _AUTHENTICATION,
    ),
    Secret(
        (b"authoriz",),
        re.compile(rb"^\s*(?!digest\b)[\w-]+[ \t]+(?P<secret>[\w.~+/-]+=*)[ \t]*$", re.DOTALL),
        _AUTHENTICATION,
    ),
    Secret((b"sip:", b"sips:"), re.compile(rb'sips?:[^\s@:;?/<>"]{0,256}+:(?P<secret>[^\s@:;?/<>"]{1,256}+)@')),
    Secret((b"postd=",), re.compile(rb'postd=(?P<secret>[^\s;?>"]+)')),
    Secret(
        (b"a=crypto",),
        re.compile(rb"inline:(?P<secret>[^\s|;]+)"),
        re.compile(rb"(?:^|[\r\n])a=crypto:(?P<region>[^\r\n]*)"),
    ),
    Secret((b"\nk=",), re.compile(rb"[\r\n]k=(?:base64|clear|uri):(?P<secret>[^\r\n]+)")),
    Secret((b"key-mgmt",), re.compile(rb"[\r\n]a=key-mgmt:[^ \r\n]*[ ]+(?P<secret>[^\r\n]+)")),
    Secret((b"ice-pwd",), re.compile(rb"[\r\n]a=ice-pwd:(?P<secret>[^\r\n]+)")),
    Secret((b"signal",), re.compile(rb"(?:^|[\r\n])signal[ \t]*[=:][ \t]*(?P<secret>[^\s]+)")),
    Secret(
        (b"pass", b"pin", b"secret", b"digits", b"dtmf"),
        re.compile(rb"<" + SECRET_NAME + rb"(?:\s[^<>]{0,256})?>(?P<secret>[^<]+)"),
    ),
    Secret(
        (b"pass", b"pin", b"secret", b"digits", b"dtmf"),
        re.compile(rb"\b" + SECRET_NAME + rb"\s{0,8}=\s{0,8}(?:\"(?P<secret>[^\"<>]*)|'(?P<token>[^'<>]*))"),
    ),
    Secret(
        (b"<name>",),
        re.compile(
            rb"<name>\s{0,64}" + SECRET_NAME + rb"\s{0,64}</name>\s{0,64}<value>\s{0,64}(?:<\w+>)?(?P<secret>[^<]+)"
        ),
    ),
    Secret(
        (b'":', b'" :'),
        re.compile(rb'"' + SECRET_NAME + rb'"\s{0,8}:\s{0,8}(?:"(?P<secret>(?:[^"\\]|\\.)*)|(?P<token>[\w.-]+))'),
    ),
    Secret(
        (b"application/dtmf", b"audio/telephone-event", b"nortelnetworks.digits"),
        re.compile(rb"^(?P<secret>.+)$", re.DOTALL),
        # A body, or a part of a multipart body, that is nothing but digits (dtmf-relay has names, see above).
        re.compile(
            rb"(?:^|[\r\n])(?:content-type|c)[ \t]*:[ \t]*"
            rb"(?:application/dtmf\b(?!-)|audio/telephone-event\b|application/vnd\.nortelnetworks\.digits\b)"
            rb"[^\r\n]*(?:\r?\n[^\r\n]+){0,40}(?:\r?\n){2}(?P<region>(?:(?!\r?\n--).)+)",
            re.DOTALL,
        ),
    ),
)


def mask(text: bytes) -> bytes:
    """The message *text* with every secret in it replaced by ``[masked]``."""
    lowered = text.lower()
    hidden = sorted(_secrets(lowered))
    if not hidden:
        return text
    kept: list[bytes] = []
    end = 0
    for start, stop in hidden:
        if start >= end:
            kept += text[end:start], MASK
        end = max(end, stop)
    return b"".join((*kept, text[end:]))


def masked(table: Table[Any], *, reveal_digits: bool = False) -> Table[Any]:
    """*table* as anybody may see it: no password in a URI, and a dot for each key pressed unless they are asked for."""
    columns = {name: [_hidden(each) for each in column] for name, column in table.columns.items() if _is_text(column)}
    if table.record is Digit and not reveal_digits:
        columns["digit"] = [None if digit is None else KEY for digit in table.values("digit")]
    return table.replace(**columns) if columns else table


def _is_text(column: Column) -> bool:
    return isinstance(column, list)


def _hidden(value: Any) -> Any:
    """A value of a table without passwords; many hold several texts."""
    if isinstance(value, str):
        return mask_uri(value) if "@" in value else value
    return tuple(map(_hidden, value)) if type(value) is tuple else value


def secrets(text: bytes) -> set[str]:
    """What ``mask`` hides in *text*."""
    return {text[start:stop].decode("utf-8", "replace") for start, stop in _secrets(text.lower())}


@functools.lru_cache(4096)
def mask_uri(uri: str) -> str:
    """A URI of a table with its password and its post-dialled digits hidden."""
    if "@" not in uri and "=" not in uri:
        return uri
    return mask(uri.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")


def _secrets(lowered: bytes) -> Iterator[tuple[int, int]]:
    for secret in SECRETS:
        for trigger in secret.triggers:
            if trigger in lowered:
                break
        else:
            continue
        if secret.region is None:
            yield from _spans(secret.pattern, lowered, 0)
            continue
        for region in secret.region.finditer(lowered):
            yield from _spans(secret.pattern, region["region"], region.start("region"))


def _spans(pattern: re.Pattern[bytes], lowered: bytes, offset: int) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(lowered):
        group = next((name for name, value in match.groupdict().items() if value), None)
        if group is not None:
            yield offset + match.start(group), offset + match.end(group)
