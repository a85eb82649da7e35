"""One RTP stream, with the call that it belongs to where SDP names it."""

from functools import cached_property

from collabtrace.schema import Stream
from collabtrace.subjects.call import Call
from collabtrace.subjects.line import Line
from collabtrace.subjects.related import Related


class RtpStream:
    """An RTP stream (RFC 3550)."""

    def __init__(self, related: Related, row: int) -> None:
        self._related = related
        self.row = row
        """In the table ``streams``."""
        self.record: Stream = related.case.streams[row]

    def __repr__(self) -> str:
        stream = self.record
        return f"<RtpStream {stream.ssrc} {stream.source} to {stream.target}, {stream.packets} packets>"

    @cached_property
    def call(self) -> Call | None:
        """Its call; None where no SDP names its ends."""
        call_id = self.record.call_id
        row = None if call_id is None else self._related.calls_of_id.get(call_id)
        return None if row is None else Call(self._related, row)

    @cached_property
    def line(self) -> Line | None:
        """The m-line that negotiated it; None where no SDP names its ends."""
        wanted = self.record.media_row
        if self.call is None or wanted is None:
            return None
        return next((line for line in self.call.lines if line.row == wanted), None)

    @property
    def call_ids(self) -> tuple[str, ...]:
        """The Call-IDs of its call; empty where no SDP names it."""
        return () if self.call is None else self.call.call_ids
