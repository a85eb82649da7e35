"""XML documents in message bodies, read so that none of them can do harm: no DTD, no entities, no more than a size."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from collabtrace.errors import ParseError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONGEST = 65_536
"""Bytes of a document that are read: those of phones have a few hundred."""


def root(data: bytes, name: str) -> "Element":
    """The root element of a document whose root is called *name*, in any namespace; a ParseError for any other."""
    # Loaded here because few captures hold such a document, and an XML parser costs more than all else at start.
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError as XmlError
    from defusedxml.ElementTree import fromstring

    if len(data) > LONGEST:
        raise ParseError(f"{len(data)} bytes are no {name}")
    try:
        found: Element = fromstring(data.strip(b"\0\t\n\r "), forbid_dtd=True)
    except (XmlError, DefusedXmlException, ValueError, LookupError):
        # What the parser says may quote the document, and with it the keys pressed.
        raise ParseError(f"the {name} is not XML that can be read") from None
    if local_name(found) != name:
        raise ParseError(f"the document is not a {name}")
    return found


def local_name(element: "Element") -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def elements(parent: "Element", name: str) -> Iterator["Element"]:
    """The elements called *name* anywhere under *parent*, in any namespace."""
    return (element for element in parent.iter() if local_name(element) == name)
