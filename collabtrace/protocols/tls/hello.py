"""ClientHello and ServerHello of all versions (RFC 8446 §4.1, RFC 5246 §7.4.1, RFC 6347 §4.2.1)."""

from dataclasses import dataclass
from typing import TypeAlias

from collabtrace.errors import ParseError
from collabtrace.protocols.tls.vectors import Vectors, vector

SERVER_NAME, APPLICATION_PROTOCOLS, SUPPORTED_VERSIONS = 0, 16, 43
"""Extensions (RFC 6066 §3, RFC 7301 §3.1, RFC 8446 §4.2.1)."""
RETRY = bytes.fromhex("CF21AD74E59A6111BE1D8C021E65B891C2A211167ABB8C5E079E09E2C8A8339C")
"""The random of a ServerHello that is a HelloRetryRequest (RFC 8446 §4.1.3)."""
RANDOM = 32
_DTLS = 0xFE
"""First byte of the versions of DTLS, which count downwards."""

Extensions: TypeAlias = tuple[tuple[int, bytes], ...]


@dataclass(frozen=True, slots=True)
class ClientHello:
    """What a client offers."""

    version: int
    random: bytes
    ciphers: tuple[int, ...]
    extensions: Extensions = ()
    session: bytes = b""
    cookie: bytes | None = None
    """DTLS only."""
    compression: bytes = b"\0"

    @property
    def server_name(self) -> str | None:
        """The host that the client wants to reach (SNI)."""
        data = _extension(self.extensions, SERVER_NAME)
        if not data:
            return None
        names = Vectors(Vectors(data).vector(2))
        while names.more():
            kind, name = names.number(1), names.vector(2)
            if kind == 0:
                return name.decode("ascii", "replace")
        return None

    @property
    def highest_version(self) -> int:
        """The newest version offered."""
        data = _extension(self.extensions, SUPPORTED_VERSIONS)
        if data is None:
            return self.version
        listed = Vectors(data).vector(1)
        versions = [int.from_bytes(listed[at : at + 2], "big") for at in range(0, len(listed) - 1, 2)]
        known = [version for version in versions if version >> 8 in (3, _DTLS)]
        return max(known, key=_age, default=self.version)

    @property
    def protocols(self) -> tuple[str, ...]:
        """The application protocols offered (ALPN)."""
        return _protocols(self.extensions)

    def __bytes__(self) -> bytes:
        cookie = b"" if self.cookie is None else vector(1, self.cookie)
        ciphers = vector(2, b"".join(cipher.to_bytes(2, "big") for cipher in self.ciphers))
        head = self.version.to_bytes(2, "big") + self.random + vector(1, self.session) + cookie
        return head + ciphers + vector(1, self.compression) + _written(self.extensions)


@dataclass(frozen=True, slots=True)
class ServerHello:
    """What a server chose."""

    version: int
    random: bytes
    cipher: int
    extensions: Extensions = ()
    session: bytes = b""
    compression: int = 0

    @property
    def selected_version(self) -> int:
        """The version chosen."""
        data = _extension(self.extensions, SUPPORTED_VERSIONS)
        return self.version if data is None or len(data) != 2 else int.from_bytes(data, "big")

    @property
    def is_retry(self) -> bool:
        """Whether it asks the client for another hello."""
        return self.random == RETRY

    @property
    def protocol(self) -> str | None:
        """The application protocol chosen (ALPN); TLS 1.3 says it encrypted."""
        return next(iter(_protocols(self.extensions)), None)

    def __bytes__(self) -> bytes:
        head = self.version.to_bytes(2, "big") + self.random + vector(1, self.session)
        return head + self.cipher.to_bytes(2, "big") + bytes([self.compression]) + _written(self.extensions)


def client_hello(body: bytes, *, datagram: bool = False) -> ClientHello:
    """Parse the body of a ClientHello; in DTLS it has a cookie."""
    reader = Vectors(body)
    version, random, session = reader.number(2), reader.take(RANDOM), reader.vector(1)
    cookie = reader.vector(1) if datagram else None
    ciphers = reader.vector(2)
    if len(ciphers) % 2:
        raise ParseError(f"{len(ciphers)} bytes of cipher suites are no whole number of suites")
    compression, extensions = reader.vector(1), _extensions(reader)
    numbers = tuple(int.from_bytes(ciphers[at : at + 2], "big") for at in range(0, len(ciphers), 2))
    hello = ClientHello(version, random, numbers, extensions, session, cookie, compression)
    _ = hello.server_name, hello.highest_version, hello.protocols
    return hello


def server_hello(body: bytes) -> ServerHello:
    """Parse the body of a ServerHello or a HelloRetryRequest."""
    reader = Vectors(body)
    version, random, session = reader.number(2), reader.take(RANDOM), reader.vector(1)
    cipher, compression, extensions = reader.number(2), reader.number(1), _extensions(reader)
    hello = ServerHello(version, random, cipher, extensions, session, compression)
    _ = hello.protocol
    return hello


def _extensions(reader: Vectors) -> Extensions:
    """The extensions at the end of a hello; before RFC 3546 there were none."""
    if not reader.more():
        return ()
    listed = Vectors(reader.vector(2))
    reader.end()
    found = []
    while listed.more():
        found.append((listed.number(2), listed.vector(2)))
    return tuple(found)


def _written(extensions: Extensions) -> bytes:
    if not extensions:
        return b""
    return vector(2, b"".join(kind.to_bytes(2, "big") + vector(2, data) for kind, data in extensions))


def _extension(extensions: Extensions, kind: int) -> bytes | None:
    return next((data for number, data in extensions if number == kind), None)


def _protocols(extensions: Extensions) -> tuple[str, ...]:
    data = _extension(extensions, APPLICATION_PROTOCOLS)
    if data is None:
        return ()
    listed = Vectors(Vectors(data).vector(2))
    found = []
    while listed.more():
        found.append(listed.vector(1).decode("ascii", "replace"))
    return tuple(found)


def _age(version: int) -> int:
    """Greater for newer versions."""
    return -version if version >> 8 == _DTLS else version
