"""Names and validity of certificates that openssl issued."""

import contextlib
import ssl
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols.tls import certificate
from tests.tls_peers import identity, needs_openssl


def der(path: Path) -> bytes:
    return ssl.PEM_cert_to_DER_cert(path.read_text(encoding="ascii"))


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("certificate")
    return der(identity(folder, "cucm.example.com", "cucm-pub.example.com", "*.example.com", days=10).certificate)


@needs_openssl
def test_the_names_of_a_certificate(issued: bytes) -> None:
    read = certificate.parse(issued)
    assert (read.common_name, read.issuer) == ("cucm.example.com", "cucm.example.com")
    assert read.host_names == ("cucm-pub.example.com", "*.example.com")
    assert read.names == ("cucm.example.com", "cucm-pub.example.com", "*.example.com")


@needs_openssl
def test_how_long_it_is_valid(issued: bytes) -> None:
    read = certificate.parse(issued)
    assert read.begins is not None
    assert read.ends is not None
    assert read.ends - read.begins == 10 * 86400
    assert abs(read.begins - time.time()) < 600


@needs_openssl
def test_one_without_host_names(tmp_path: Path) -> None:
    assert certificate.parse(der(identity(tmp_path, "phone").certificate)).names == ("phone",)


@needs_openssl
def test_a_cut_certificate_is_none(issued: bytes) -> None:
    for size in range(0, len(issued), 7):
        with pytest.raises(ParseError):
            certificate.parse(issued[:size])


@needs_openssl
@given(st.data())
def test_any_byte_may_be_wrong(issued: bytes, data: st.DataObject) -> None:
    at, value = data.draw(st.integers(0, len(issued) - 1)), data.draw(st.integers(0, 255))
    with contextlib.suppress(ParseError):
        certificate.parse(issued[:at] + bytes([value]) + issued[at + 1 :])


def element(tag: int, *content: bytes) -> bytes:
    body = b"".join(content)
    return bytes([tag, 0x82]) + len(body).to_bytes(2, "big") + body


def written(*, subject: bytes, ends: bytes = element(0x17, b"491231235959Z"), extensions: bytes = b"") -> bytes:
    """A certificate of version 1, which has no version field, with a name and an end of ours."""
    validity = element(0x30, element(0x17, b"200101000000Z"), ends)
    before, key = (element(2, b"\1"), element(0x30), element(0x30)), element(0x30)
    return element(0x30, element(0x30, *before, validity, subject, key, extensions))


def common_name(value: bytes) -> bytes:
    return element(0x30, element(0x31, element(0x30, element(6, b"\x55\x04\x03"), value)))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (element(0x0C, "Zürich".encode()), "Zürich"),
        (element(0x13, b"plain"), "plain"),
        (element(0x1E, "wide".encode("utf-16-be")), "wide"),
    ],
)
def test_names_in_every_kind_of_string(value: bytes, expected: str) -> None:
    assert certificate.parse(written(subject=common_name(value))).common_name == expected


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (element(0x17, b"491231235959Z"), 2524607999.0),
        (element(0x18, b"20500101000000Z"), 2524608000.0),
        (element(0x18, b"\xff"), None),
        (element(0x17, b"4912312359Z"), None),
        (element(0x17, b"991231235959Z"), 946684799.0),
        (element(0x18, b"20501301000000Z"), None),
        (element(0x02, b"\1"), None),
    ],
)
def test_times_of_both_kinds(ends: bytes, expected: float | None) -> None:
    assert certificate.parse(written(subject=element(0x30), ends=ends)).ends == expected


def test_names_that_are_no_hosts_and_extensions_that_are_empty() -> None:
    names = element(0x30, element(0x87, bytes(4)), element(0x82, b"a.example.com"))
    alternative = element(0x30, element(6, b"\x55\x1d\x11"), element(1, b"\xff"), element(4, names))
    listed = element(0xA3, element(0x30, element(0x30), element(0x30, element(6, b"\x55\x1d\x0f")), alternative))
    read = certificate.parse(written(subject=element(0x30), extensions=listed))
    assert (read.common_name, read.issuer, read.host_names) == (None, None, ("a.example.com",))
