"""Session descriptions: SDP (RFC 8866, formerly RFC 4566) and the attributes that calls negotiate with it."""

from collabtrace.protocols.sdp.candidates import Candidate
from collabtrace.protocols.sdp.codecs import Codec
from collabtrace.protocols.sdp.feedback import Extension, Feedback
from collabtrace.protocols.sdp.floors import Floor
from collabtrace.protocols.sdp.keys import Crypto, Fingerprint
from collabtrace.protocols.sdp.media import Media
from collabtrace.protocols.sdp.origin import Connection, Origin
from collabtrace.protocols.sdp.section import Section
from collabtrace.protocols.sdp.session import Group, Session, parse

__all__ = [
    "Candidate",
    "Codec",
    "Connection",
    "Crypto",
    "Extension",
    "Feedback",
    "Fingerprint",
    "Floor",
    "Group",
    "Media",
    "Origin",
    "Section",
    "Session",
    "parse",
]
