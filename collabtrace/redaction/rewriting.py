"""A capture file written again with everything private replaced, in the same format and with the same frames."""

import gzip
from pathlib import Path
from typing import IO

from collabtrace.capture.opening import opened
from collabtrace.capture.pcap import Pcap
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
        if not compressed:
            for batch in batches:
                _write(batch, writer, out)
            return
        # Without name and time, which would tell of the machine that wrote it.
        with gzip.GzipFile("", "wb", _LEVEL, out, mtime=0) as packed:
            for batch in batches:
                _write(batch, writer, packed)
    finally:
        given.cleaning.close()
        survey.close()


def _write(batch: Batch, writer: BulkWriter, out: IO[bytes] | gzip.GzipFile) -> None:
    writer.rewrite(batch)
    view = batch.data.data
    out.write(b"".join(piece if isinstance(piece, bytes) else view[piece[0] : piece[1]] for piece in batch.output))
