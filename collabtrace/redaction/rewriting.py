"""A capture file written again with everything private replaced, in the same format and with the same frames."""

import gzip
from pathlib import Path
from typing import IO

from collabtrace.capture.opening import opened
from collabtrace.capture.pcap import Pcap
from collabtrace.errors import CaptureError
from collabtrace.redaction.blocks import Batch, PcapngBlocks, pcap_batches
from collabtrace.redaction.bulk import BulkWriter
from collabtrace.redaction.packet import PacketWriter
from collabtrace.redaction.survey import Survey
from collabtrace.redaction.text import Text

_LEVEL = 6


def rewrite(path: Path, out: IO[bytes], text: Text, *, compressed: bool) -> None:
    """Write *path* to *out*; a CaptureError says why the file is unusable."""
    survey = Survey(path, text)
    given = opened(path, None)
    try:
        batches = pcap_batches(given.chunks) if isinstance(given.form, Pcap) else PcapngBlocks(given.chunks).batches()
        writer = BulkWriter(PacketWriter(text, survey), text)
        # Without name and time, which would tell of the machine that wrote it.
        packed = gzip.GzipFile("", "wb", _LEVEL, out, mtime=0) if compressed else None
        written = sum(_write(batch, writer, packed or out) for batch in batches)
        if packed:
            packed.close()
        if not written:
            raise CaptureError(f"{path.name}: is damaged from its beginning on; nothing of it can be written")
    finally:
        given.cleaning.close()
        survey.close()


def _write(batch: Batch, writer: BulkWriter, out: IO[bytes] | gzip.GzipFile) -> int:
    """Write one batch; its bytes."""
    writer.rewrite(batch)
    view = batch.data.data
    return out.write(
        b"".join(piece if isinstance(piece, bytes) else view[piece[0] : piece[1]] for piece in batch.output)
    )
