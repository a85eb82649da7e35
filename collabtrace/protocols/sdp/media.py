"""One m-line with everything that holds for it, its own lines before those of the session (RFC 8866 §5.14)."""

import re

from collabtrace.protocols.sdp.candidates import Candidate
from collabtrace.protocols.sdp.codecs import Codec
from collabtrace.protocols.sdp.feedback import Extension, Feedback
from collabtrace.protocols.sdp.floors import Floor
from collabtrace.protocols.sdp.keys import Crypto, Fingerprint
from collabtrace.protocols.sdp.origin import Connection
from collabtrace.protocols.sdp.section import Section

_PORT = re.compile(r"([0-9]{1,5})(?:/([0-9]{1,5}))?")
_RTCP = re.compile(r"\s*([0-9]{1,5})(?:\s+IN\s+IP[46]\s+(\S+))?\s*", re.IGNORECASE)


class Media:
    """One media line of a session description."""

    __slots__ = ("flaw", "formats", "index", "kind", "port", "ports", "protocol", "section", "session")

    def __init__(self, line: str, index: int, section: Section, session: Section) -> None:
        """Read ``audio 49170 RTP/AVP 0 101``; a line that cannot be read keeps its place, with port 0 and a flaw."""
        words = line.split()
        port = _PORT.fullmatch(words[1]) if len(words) > 2 else None
        readable = port is not None and int(port[1]) <= 65535
        self.flaw = None if readable else f"m={line[:60]} is not kind, port, protocol and formats"
        """What is wrong with the line itself."""
        self.kind = words[0] if words else ""
        """``audio video application message image text``"""
        self.port = int(port[1]) if port is not None and readable else 0
        """0 rejects the line, or ends it (RFC 3264 §6, §8.2)."""
        self.ports = int(port[2] or 1) if port is not None and readable else 1
        """Ports, or pairs of ports with RTP, from ``port`` on."""
        self.protocol = words[2] if len(words) > 2 else ""
        """``RTP/AVP``, ``UDP/BFCP`` … as written."""
        self.formats = tuple(words[3:])
        """Payload types for RTP, else what the protocol calls its formats."""
        self.index = index
        """Position among the m-lines, from 0."""
        self.section = section
        """Its own lines."""
        self.session = session
        """The lines before the first m-line."""

    def __repr__(self) -> str:
        return f"<SDP m={self}>"

    def __str__(self) -> str:
        port = str(self.port) if self.ports == 1 else f"{self.port}/{self.ports}"
        return " ".join((self.kind, port, self.protocol, *self.formats))

    @property
    def attributes(self) -> tuple[tuple[str, str | None], ...]:
        """Its own attributes in order; the value of a property attribute is None."""
        return self.section.attributes

    def attribute(self, name: str) -> str | None:
        """The first value of the attribute *name* (in lower case), its own before the session's; "" has no value."""
        for section in (self.section, self.session):
            if name in section.first:
                return section.first[name] or ""
        return None

    def _own(self, name: str) -> str | None:
        return self.section.first.get(name) or None

    def _inherited(self, name: str) -> str | None:
        return self.section.first.get(name) or self.session.first.get(name) or None

    @property
    def connection(self) -> Connection | None:
        """The c= line that holds for it."""
        return self.section.connection or self.session.connection

    @property
    def address(self) -> str | None:
        """Where media is wanted: its own c= line before the session's."""
        connection = self.connection
        return None if connection is None else connection.address

    @property
    def rejected(self) -> bool:
        """Whether port 0 switches it off; a bundle-only line has port 0 and lives in its bundle (RFC 9143 §6)."""
        return self.port == 0 and "bundle-only" not in self.section.first

    @property
    def is_rtp(self) -> bool:
        """Whether the line is RTP or SRTP in any profile."""
        return "RTP/" in self.protocol.upper()

    @property
    def is_bfcp(self) -> bool:
        """Whether the line is floor control (RFC 8856 §4), which ``m=application`` alone does not say."""
        return self.protocol.upper().endswith("BFCP")

    @property
    def is_ix(self) -> bool:
        """Whether the line is Cisco's iX channel (ActiveControl)."""
        return self.protocol.upper().endswith("UDT/IX")

    @property
    def codecs(self) -> tuple[Codec, ...]:
        """Its formats by name: rtpmap, else the static payload types of RFC 3551."""
        return self.section.codecs(self.formats) if self.is_rtp else ()

    @property
    def direction(self) -> str:
        """``sendrecv sendonly recvonly inactive``; the session's, else sendrecv, where it does not say."""
        return self.section.direction or self.session.direction or "sendrecv"

    @property
    def on_hold(self) -> bool:
        """Whether it asks the peer to be silent: by its direction, or by the address 0.0.0.0 as RFC 2543 did."""
        connection = self.connection
        return self.direction in ("sendonly", "inactive") or (connection is not None and connection.nowhere)

    @property
    def bandwidth(self) -> dict[str, int]:
        """Its own b= lines by type: ``AS`` and ``CT`` in kilobits a second, ``TIAS`` in bits a second."""
        return self.section.bandwidth

    @property
    def title(self) -> str | None:
        """The i= line."""
        return self.section.title

    @property
    def packet_time(self) -> float | None:
        """Milliseconds of media in a packet (ptime)."""
        return _milliseconds(self._inherited("ptime"))

    @property
    def max_packet_time(self) -> float | None:
        """Milliseconds of media in a packet at most (maxptime)."""
        return _milliseconds(self._inherited("maxptime"))

    @property
    def content(self) -> str | None:
        """``main slides speaker sl alt`` (RFC 4796)."""
        return self._own("content")

    @property
    def label(self) -> str | None:
        """RFC 4574."""
        return self._own("label")

    @property
    def mid(self) -> str | None:
        """Its name in groups (RFC 5888)."""
        return self._own("mid")

    @property
    def floorctrl(self) -> tuple[str, ...]:
        """Roles that the sender can take: ``c-only``, ``s-only``, ``c-s`` (RFC 8856 §5.1)."""
        return self.section.floorctrl

    @property
    def conference_id(self) -> int | None:
        """The conference that the floors are of: confid (RFC 8856 §5.2)."""
        return _number(self._own("confid"))

    @property
    def user_id(self) -> int | None:
        """The user that the floor control server knows the sender as: userid (RFC 8856 §5.3)."""
        return _number(self._own("userid"))

    @property
    def bfcp_versions(self) -> tuple[int, ...]:
        """Versions of BFCP that the sender speaks: bfcpver (RFC 8856 §5.5)."""
        numbers = (_number(word) for word in (self._own("bfcpver") or "").split())
        return tuple(number for number in numbers if number is not None)

    @property
    def floors(self) -> tuple[Floor, ...]:
        """The floors: floorid with the labels of its streams (RFC 8856 §5.4)."""
        return self.section.floors

    @property
    def setup(self) -> str | None:
        """``active passive actpass holdconn`` (RFC 4145 §4)."""
        return self._inherited("setup")

    @property
    def connection_use(self) -> str | None:
        """The attribute a=connection: ``new existing`` (RFC 4145 §5)."""
        return self._inherited("connection")

    @property
    def crypto(self) -> tuple[Crypto, ...]:
        """SRTP suites with their keys (RFC 4568)."""
        return self.section.crypto

    @property
    def fingerprints(self) -> tuple[Fingerprint, ...]:
        """Hashes of its certificate (RFC 8122)."""
        return self.section.fingerprints or self.session.fingerprints

    @property
    def security(self) -> str | None:
        """How media is encrypted: ``sdes`` (keys in the SDP), ``dtls``, or None for not at all."""
        if self.crypto:
            return "sdes"
        protocol = self.protocol.upper()
        return "dtls" if "TLS" in protocol or (self.fingerprints and "SAVP" in protocol) else None

    @property
    def is_srtp(self) -> bool:
        """Whether its profile promises encryption: SAVP or SAVPF, over any transport (RFC 3711 §12, RFC 5764 §9)."""
        return "SAVP" in self.protocol.upper()

    @property
    def has_keys(self) -> bool:
        """Whether it says where keys come from: crypto, fingerprint, key-mgmt (RFC 4567), zrtp-hash (RFC 6189)."""
        return any(self.attribute(name) is not None for name in ("crypto", "fingerprint", "key-mgmt", "zrtp-hash"))

    @property
    def ice_ufrag(self) -> str | None:
        """RFC 8839 §5.4."""
        return self._inherited("ice-ufrag")

    @property
    def ice_pwd(self) -> str | None:
        """RFC 8839 §5.4; a secret of the two parties."""
        return self._inherited("ice-pwd")

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """ICE candidates (RFC 8839 §5.1)."""
        return self.section.candidates

    @property
    def end_of_candidates(self) -> bool:
        """Whether no more candidates will come (RFC 8840 §8.2)."""
        return self.attribute("end-of-candidates") is not None

    @property
    def ice(self) -> bool:
        """Whether it offers ICE: credentials or candidates."""
        return self.ice_ufrag is not None or bool(self.candidates)

    @property
    def rtcp_mux(self) -> bool:
        """Whether RTCP may share the port of RTP (RFC 5761 §5.1.1)."""
        return "rtcp-mux" in self.section.first

    @property
    def rtcp_port(self) -> int | None:
        """Where RTCP is wanted without mux: a=rtcp (RFC 3605), else the next port; None where there is no RTP."""
        match = _RTCP.fullmatch(self._own("rtcp") or "")
        if match is not None and int(match[1]) <= 65535:
            return int(match[1])
        return self.port + 1 if self.is_rtp and 0 < self.port < 65535 else None

    @property
    def rtcp_address(self) -> str | None:
        """Where RTCP is wanted: the address of a=rtcp, else the one of media."""
        match = _RTCP.fullmatch(self._own("rtcp") or "")
        return match[2] if match is not None and match[2] else self.address

    @property
    def feedback(self) -> tuple[Feedback, ...]:
        """rtcp-fb (RFC 4585)."""
        return self.section.feedback

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """RTP header extensions: extmap (RFC 8285)."""
        return self.section.extensions or self.session.extensions

    @property
    def msid(self) -> tuple[str, ...]:
        """WebRTC stream and track (RFC 8830)."""
        return tuple(self.section.values("msid"))

    @property
    def ssrcs(self) -> tuple[int, ...]:
        """The SSRCs that the sender announces (RFC 5576), each once."""
        numbers = (_number(value.split(" ", 1)[0]) for value in self.section.values("ssrc"))
        return tuple(dict.fromkeys(number for number in numbers if number is not None and number < 2**32))

    @property
    def t38(self) -> dict[str, str | None]:
        """The attributes of fax (T.38 annex D), by name as written."""
        return {name: value for name, value in self.attributes if name.upper().startswith("T38")}

    @property
    def ix_channels(self) -> dict[int, str]:
        """The channels of iX by number (ixmap)."""
        pairs = (value.partition(" ") for value in self.section.values("ixmap"))
        return {int(number): name.strip() for number, _, name in pairs if _number(number) is not None}


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 16 else None


def _milliseconds(text: str | None) -> float | None:
    if text is None or not re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,6})?", text):
        return None
    return float(text)
