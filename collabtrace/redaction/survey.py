"""The first pass over a file: what is spread over several packets, rewritten or kept until its packets are written."""

import ipaddress
from collections.abc import Hashable
from pathlib import Path

import numpy as np

from collabtrace.capture.chunk_decoder import ChunkDecoder
from collabtrace.capture.chunks import MARGIN
from collabtrace.capture.cursor import Cursor, Fragment
from collabtrace.capture.fragments import Fragments
from collabtrace.capture.opening import opened
from collabtrace.capture.packets import FIN, RST, SYN, Flows, Packets
from collabtrace.capture.sctp import SctpAssembler, UserMessage
from collabtrace.redaction import sctp
from collabtrace.redaction.patches import Generations, Patches
from collabtrace.redaction.streams import Streams
from collabtrace.redaction.text import Text
from collabtrace.sessions.texts import Texts

_BLANK = b"\r\n\0"


class _Kept(Fragments):
    """Remembers the IP packets that were put together."""

    def __init__(self) -> None:
        super().__init__()
        self.texts = Texts()
        self.found: dict[tuple[object, ...], list[tuple[int, int]]] = {}

    def add(self, packet: Cursor, fragment: Fragment, frame: int, time: int) -> bytes | None:
        """Take a fragment, as ever."""
        data = super().add(packet, fragment, frame, time)
        if data is not None:
            self.found.setdefault(fragment.key, []).append((self.texts.add(data), len(data)))
        return data


class Survey:
    """What one file holds in pieces; answers for the packets of the second pass, in the order of the file."""

    def __init__(self, path: Path, text: Text) -> None:
        """Read the file; a CaptureError says why it is unusable."""
        self._patches, self._generations, self._kept = Patches(), Generations(), _Kept()
        given = opened(path, None)
        decoder = ChunkDecoder(path.name)
        decoder.decoder.fragments = self._kept
        self._messages = sctp.Messages(text)
        decoder.decoder.associations = _Associations(self._messages)
        streams = Streams(text, self._patches)
        keys = _Keys(decoder.flows)
        try:
            for records in given.form.read(given.chunks):
                decoder.begin(given.chunks.size + MARGIN)
                for part in records.parts():
                    _feed(decoder.decode(part), streams, keys)
        finally:
            given.cleaning.close()
        streams.finish()

    def segment(self, key: bytes, sequence: int, flags: int, data: bytes) -> bytes:
        """The payload of a TCP segment after redaction."""
        connection = self._generations.of(key, sequence, flags)
        if not data.strip(_BLANK):
            return data
        out = bytearray(len(data))
        self._patches.apply(connection, sequence + bool(flags & SYN), out)
        return bytes(out)

    def part(self, key: bytes, tsn: int, data: bytes) -> bytes:
        """The fragment of an SCTP user message after redaction."""
        return self._messages.fragment(key, tsn, data)

    def whole(self, fragment: Fragment, data: bytes) -> bytes | None:
        """The payload of the IP packet of which *data* is a fragment; None where it never became whole."""
        for at, size in self._kept.found.get(fragment.key, ()):
            payload = self._kept.texts.read(at, size)
            if payload[fragment.offset : fragment.offset + len(data)] == data:
                return payload
        return None

    def close(self) -> None:
        """Give the temporary space back."""
        self._patches.close()
        self._messages.close()
        self._kept.texts.close()


class _Associations(SctpAssembler):
    """Gives the messages that came in fragments to who writes them anew, besides what it does anyway."""

    def __init__(self, messages: sctp.Messages) -> None:
        super().__init__()
        self._messages = messages

    def feed(self, key: Hashable, packet: bytes) -> list[UserMessage]:
        """Take one packet, as ever."""
        found = super().feed(key, packet)
        if isinstance(key, tuple):
            source, target, _ = key
            for message in found:
                self._messages.add(source + target + packet[: sctp.ASSOCIATION], message)
        return found


class _Keys:
    """The addresses and ports of each TCP flow as they stand in its packets."""

    def __init__(self, flows: Flows) -> None:
        self._flows = flows
        self._known: dict[int, bytes] = {}

    def __getitem__(self, flow: int) -> bytes:
        key = self._known.get(flow)
        if key is None:
            flows = self._flows
            ends = (ipaddress.ip_address(each[flow]).packed for each in (flows.source, flows.target))
            ports = (each[flow].to_bytes(2, "big") for each in (flows.source_port, flows.target_port))
            key = self._known[flow] = b"".join((*ends, *ports))
        return key


def _feed(packets: Packets, streams: Streams, keys: _Keys) -> None:
    flows = keys._flows
    tcp = np.array([transport == "tcp" for transport in flows.transport], np.bool_)
    if not len(packets) or not tcp.any():
        return
    rows = np.flatnonzero(tcp[packets.flow] & ((packets.length > 0) | (packets.flags & (SYN | FIN | RST) != 0)))
    columns = (packets.frame, packets.flow, packets.sequence, packets.flags, packets.start, packets.length,
               packets.wire_length)  # fmt: skip
    view = packets.buffer.data
    for frame, flow, sequence, flags, start, length, wire in zip(
        *(column[rows].tolist() for column in columns), strict=True
    ):
        streams.feed(flow, keys[flow], frame, sequence, flags, bytes(view[start : start + length]), wire)
