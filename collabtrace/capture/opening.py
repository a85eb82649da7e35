"""Which kind of capture a file is, told from its first bytes, never from its name."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from collabtrace.capture import pcap, pcapng_section
from collabtrace.capture.chunks import Chunks
from collabtrace.capture.pcapng import Pcapng
from collabtrace.capture.records import Format
from collabtrace.capture.source import Source
from collabtrace.errors import CaptureError

_HEAD = 24
"""Bytes that tell all formats apart."""
_NAMES = {
    b"GMBU": "Network Monitor",
    b"RTSS": "Network Monitor 1",
    b"snoop\0": "snoop",
    b"btsnoop\0": "btsnoop",
    b"iptrace ": "iptrace",
    b"TRSNIFF data": "Sniffer",
    b"XCP\0": "NetXRay",
    b"\x7fver": "Peek",
    b"5View": "5View",
    b"\x1c\0\1\xac": "IXIA pcap",
    b"\xac\1\0\x1c": "IXIA pcap",
    b"\xa1\xb2": "modified pcap",
    b"\xd4\xc3": "modified pcap",
}
"""Names of formats that Wireshark reads, by how they begin."""


class Opened(NamedTuple):
    """A capture file, ready to be read."""

    source: Source
    """The file as given."""
    chunks: Chunks
    """The same, or what it was converted to."""
    form: Format
    cleaning: ExitStack
    """Closes and deletes what was opened and made for the reading."""


def opened(path: Path, on_bytes: Callable[[int], None] | None) -> Opened:
    """Open a capture file of any kind; a CaptureError says in one line why it is unusable."""
    source = Source(path, on_bytes)
    cleaning = ExitStack()
    cleaning.callback(source.close)
    try:
        return _recognised(source, cleaning)
    except BaseException:
        cleaning.close()
        raise


def _recognised(source: Source, cleaning: ExitStack) -> Opened:
    chunks = Chunks(source)
    head = _head(chunks)
    form = _format(head, "pcapng")
    if form is None:
        _refuse_nothing(source, head)
        # Only here, because what it needs to run other programs takes time to import.
        from collabtrace.capture.dissect import convert

        name = next((name for magic, name in _NAMES.items() if head.startswith(magic)), "other")
        converted = Source(cleaning.enter_context(convert(source.path)))
        cleaning.callback(converted.close)
        chunks = Chunks(converted)
        form = _format(_head(chunks), name) or Pcapng(name)
    return Opened(source, chunks, form, cleaning)


def _head(chunks: Chunks) -> bytes:
    return chunks.data[: min(_HEAD, chunks.size)].tobytes()


def _format(head: bytes, name: str) -> Format | None:
    if pcap.byte_order(head):
        return pcap.Pcap(head)
    return Pcapng(name) if pcapng_section.byte_order(head) else None


def _refuse_nothing(source: Source, head: bytes) -> None:
    if source.flaw:
        raise CaptureError(f"{source.path.name}: {source.flaw}, before any packet")
    if not head:
        raise CaptureError(f"{source.path.name}: is empty; a capture has at least a header of 24 bytes")
