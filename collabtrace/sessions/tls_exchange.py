"""One TLS handshake while its records come: what is in the clear is read, what is encrypted is told by type and size.

TLS 1.2 and before say in the clear when a side begins to encrypt (ChangeCipherSpec), and an encrypted alert still has
the type of an alert. TLS 1.3 calls everything application data (RFC 8446 §5.2), so that the size has to tell: an
alert is smaller than any handshake message, and a Finished has a size of its own.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from collabtrace.errors import ParseError
from collabtrace.protocols.tls import certificate as x509
from collabtrace.protocols.tls import hello, messages, numbers

Moment: TypeAlias = tuple[int, int]
"""Frame number and time in nanoseconds."""

_TAGS = {0x1305: 8}
"""Bytes that encryption adds, by cipher suite of TLS 1.3; 16 in all others (RFC 8446 §B.4)."""
_LONG_HASHES = frozenset({0x1302})
"""Cipher suites of TLS 1.3 with SHA-384."""
_INNER_TYPE = 1
"""Byte by which TLS 1.3 tells the type of what it encrypts (RFC 8446 §5.2)."""
_ALERT = 2


@dataclass(slots=True)
class Side:
    """What one end of a handshake sent."""

    pending: bytearray = field(default_factory=bytearray)
    """The beginning of a handshake message that is not whole."""
    sealed: bool = False
    """Whether it encrypts since its ChangeCipherSpec."""
    finished: Moment | None = None
    """Its first encrypted record, alerts left out."""
    is_through: bool = False
    """Whether a record had the size of its Finished (TLS 1.3)."""
    data: int | None = None
    """Frame of its first application data."""


@dataclass(slots=True)
class Exchange:
    """A handshake; frames and names are None as long as they are not known."""

    flow: int
    """The flow of its first record."""
    started: int
    last: int
    client: Side = field(default_factory=Side)
    server: Side = field(default_factory=Side)
    client_flow: int | None = None
    """Where the ClientHello came from."""
    server_flow: int | None = None
    """Where the ServerHello came from, if no ClientHello was seen before."""
    hello_frame: int | None = None
    server_name: str | None = None
    offered_version: int | None = None
    offered_protocols: tuple[str, ...] = ()
    server_hello_frame: int | None = None
    is_retried: bool = False
    """Whether the server asked for another hello."""
    version: int | None = None
    cipher: int | None = None
    protocol: str | None = None
    certificate_frame: int | None = None
    certificate: x509.Certificate | None = None
    request_frame: int | None = None
    client_certificate_frame: int | None = None
    client_names: tuple[str, ...] | None = None
    alert: messages.Alert | None = None
    alert_at: Moment | None = None
    alert_by: str | None = None
    completed_frame: int | None = None
    hidden_at: Moment | None = None
    hidden_by: str | None = None
    lossy: bool = False
    is_late: bool = False
    """Whether it was over when the capture began: data came before any hello."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more of it is to be read."""
        return self.is_late or (self.client.data is not None and self.server.data is not None)

    @property
    def hides_types(self) -> bool:
        """Whether it is TLS 1.3 or a later draft of it, whose encrypted records all look alike."""
        return self.version is not None and (self.version == numbers.TLS_1_3 or self.version >> 8 == 0x7F)

    def side(self, flow: int) -> Side:
        """The end that sends in *flow*."""
        return self.client if self.is_client(flow) else self.server

    def is_client(self, flow: int) -> bool:
        """Whether the client sends in *flow*; before anything tells, who was heard first is taken for it."""
        if self.client_flow is None and self.server_flow is not None:
            return flow != self.server_flow
        return flow == (self.flow if self.client_flow is None else self.client_flow)

    def read(self, flow: int, kind: int, fragment: bytes, at: Moment, *, sealed: bool | None = None) -> None:
        """Take one record; *sealed* says whether it is encrypted where its header tells (DTLS)."""
        self.last = at[1]
        side = self.side(flow)
        if sealed is not None:
            side.sealed = sealed
        if kind == numbers.CHANGE_CIPHER_SPEC:
            side.sealed = side.sealed or (sealed is None and not self.hides_types)
        elif kind == numbers.APPLICATION_DATA:
            self._data(flow, len(fragment), at)
        elif side.sealed and not self.hides_types:
            self._sealed(flow, kind, at)
        elif kind == numbers.ALERT:
            self._alert(flow, fragment, at)
        elif kind == numbers.HANDSHAKE and sealed is None:
            self._handshake(flow, fragment, at[0])

    def message(self, flow: int, message: messages.Handshake, frame: int, *, datagram: bool = False) -> None:
        """Take one whole handshake message."""
        try:
            if message.type == numbers.CLIENT_HELLO:
                self._client_hello(flow, message.body, frame, datagram=datagram)
            elif message.type == numbers.SERVER_HELLO:
                self._server_hello(flow, message.body, frame)
            elif message.type == numbers.CERTIFICATE:
                self._certificate(flow, message.body, frame)
        except ParseError:
            self.lossy = True
        if message.type == numbers.HELLO_VERIFY_REQUEST:
            self.is_retried = True
        elif message.type == numbers.CERTIFICATE_REQUEST:
            self.request_frame = self.request_frame or frame

    def _handshake(self, flow: int, fragment: bytes, frame: int) -> None:
        pending = self.side(flow).pending
        pending += fragment
        begin = 0
        message, end = messages.take(pending)
        while message is not None:
            self.message(flow, message, frame)
            begin = end
            message, end = messages.take(pending, begin)
        del pending[:begin]

    def _client_hello(self, flow: int, body: bytes, frame: int, *, datagram: bool) -> None:
        self._client_sends_in(flow)
        if self.hello_frame is not None:
            return
        self.hello_frame = frame
        offer = hello.client_hello(body, datagram=datagram)
        self.server_name, self.offered_protocols = offer.server_name, offer.protocols
        self.offered_version = offer.highest_version

    def _server_hello(self, flow: int, body: bytes, frame: int) -> None:
        if self.client_flow is None:
            if self.is_client(flow):
                self.client, self.server = self.server, self.client
            self.server_flow = flow
        self.server_hello_frame = frame
        choice = hello.server_hello(body)
        self.is_retried = choice.is_retry
        self.version, self.cipher, self.protocol = choice.selected_version, choice.cipher, choice.protocol

    def _client_sends_in(self, flow: int) -> None:
        if not self.is_client(flow):
            self.client, self.server = self.server, self.client
        self.client_flow = flow

    def _certificate(self, flow: int, body: bytes, frame: int) -> None:
        chain = messages.certificates(body)
        if not self.is_client(flow):
            self.certificate_frame = self.certificate_frame or frame
            self.certificate = _parsed(chain[0]) if chain else None
        else:
            self.client_certificate_frame = self.client_certificate_frame or frame
            self.client_names = _parsed(chain[0]).names if chain else ()

    def _alert(self, flow: int, fragment: bytes, at: Moment) -> None:
        try:
            alert = messages.alert(fragment)
        except ParseError:
            self._hidden(flow, at)
            return
        if self.alert is None or (alert.level == numbers.FATAL and self.alert.level != numbers.FATAL):
            self.alert, self.alert_at, self.alert_by = alert, at, self._name(flow)

    def _sealed(self, flow: int, kind: int, at: Moment) -> None:
        """A record that is encrypted but for its type: TLS 1.2 and before."""
        if kind == numbers.ALERT:
            self._hidden(flow, at)
        elif kind == numbers.HANDSHAKE:
            side = self.side(flow)
            side.finished = side.finished or at
            if self.client.finished is not None and self.server.finished is not None:
                self.completed_frame = self.completed_frame or at[0]

    def _data(self, flow: int, size: int, at: Moment) -> None:
        side, frame = self.side(flow), at[0]
        if self.hello_frame is None and self.server_hello_frame is None:
            self.is_late = True
        elif not self.hides_types:
            if self.version is not None and side.data is None:
                side.data = frame
                if side is self.server:
                    # A server sends data when it has the client's Finished, whether the capture has it or not.
                    self.completed_frame = self.completed_frame or frame
        elif size == self._size(_ALERT):
            self._hidden(flow, at)
        elif side is self.client:
            self._client_record(size, at)
        elif self.client.finished is None:
            side.finished = side.finished or at
        else:
            self.completed_frame = self.completed_frame or frame
            if self.client.data is not None:
                side.data = side.data or frame

    def _client_record(self, size: int, at: Moment) -> None:
        """An encrypted record of a TLS 1.3 client: of its certificate and Finished first, of data then."""
        side = self.client
        if side.finished is not None and (side.is_through or self.completed_frame is not None):
            side.data = side.data or at[0]
        side.finished = side.finished or at
        long_hash = self.cipher in _LONG_HASHES
        side.is_through |= size == self._size(messages.HEADER + (48 if long_hash else 32))

    def _size(self, plain: int) -> int:
        """Bytes of a TLS 1.3 record with so many bytes of content and no padding."""
        return plain + _INNER_TYPE + _TAGS.get(self.cipher or 0, 16)

    def _hidden(self, flow: int, at: Moment) -> None:
        if self.hidden_at is None:
            self.hidden_at, self.hidden_by = at, self._name(flow)

    def _name(self, flow: int) -> str:
        return "client" if self.is_client(flow) else "server"


@lru_cache(maxsize=1024)
def _parsed(data: bytes) -> x509.Certificate:
    """A certificate; the same one comes with every connection to its server."""
    return x509.parse(data)
