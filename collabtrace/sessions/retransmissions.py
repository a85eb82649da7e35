"""Messages that were sent again, and messages that the capture shows twice.

A SIP element that hears nothing sends the very same message again after 500 ms and then in growing
intervals (RFC 3261 §17; a 2xx and its ACK even over TCP, §13.3.1.4). A mirror port that sees a packet on
two ports writes it twice. Every rule about a missing answer depends on telling the two apart, and only the
packet can tell: a request that waited and its retransmission are answered within a millisecond too.

Most messages are unlike all others, so their hashes are compared first, and only those that share one
are looked at closely.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from collabtrace.columns import MISSING, Table
from collabtrace.schema import Message

LONGEST_PAUSE = 64.0
"""Seconds between two copies of one message at most: twice 64·T1, the life of a transaction (RFC 3261 §17.1.1.2)."""

SAME = (
    "file", "source", "source_port", "target", "target_port", "call_id", "cseq", "cseq_method", "method", "status",
    "reason", "branch", "sent_by", "from_tag", "to_tag", "rseq",
)  # fmt: skip
"""What a message has in common with its copy; its text may differ in a time stamp or a counter."""


def mark(messages: Table[Message]) -> Table[Message]:
    """Fill ``retransmission_of`` and ``duplicate_of``.

    A ``duplicate_of`` that is there already says that the capture layer knows the packet to be a second view;
    it is kept, but names the frame of the first view where that is a message of the table.
    """
    frames = messages.numbers("frame")
    duplicate_of = messages.numbers("duplicate_of").copy()
    retransmission_of = np.full(len(messages), MISSING, dtype=np.int64)
    for rows in _copies(messages):
        _judge(messages, rows, frames, duplicate_of, retransmission_of)
    return messages.replace(duplicate_of=duplicate_of, retransmission_of=retransmission_of)


def _copies(messages: Table[Message]) -> Iterator[list[int]]:
    """The rows of messages that occur more than once, in order."""
    columns = [messages.columns[name] for name in SAME]
    plain = [column if isinstance(column, list) else column.tolist() for column in columns]
    hashes = np.fromiter(map(hash, zip(*plain, strict=True)), dtype=np.int64, count=len(messages))
    order = np.argsort(hashes, kind="stable")
    same = hashes[order][1:] == hashes[order][:-1]
    rows = order[np.append(same, False) | np.insert(same, 0, False)] if len(messages) else order
    groups: dict[tuple[object, ...], list[int]] = {}
    for row in np.sort(rows).tolist():
        groups.setdefault(tuple(column[row] for column in plain), []).append(row)
    return (rows for rows in groups.values() if len(rows) > 1)


def _judge(
    messages: Table[Message],
    rows: list[int],
    frames: NDArray[np.int64],
    duplicate_of: NDArray[np.int64],
    retransmission_of: NDArray[np.int64],
) -> None:
    """Say of the copies of one message, in order, which were sent again and which are second views."""
    times, sizes = messages.columns["time_epoch"], messages.columns["size"]
    may_be_news = _may_be_news(messages, rows[0])
    original = last = rows[0]
    for row in rows[1:]:
        if duplicate_of[row] != MISSING:
            duplicate_of[row] = frames[last]
            continue
        pause = abs(times[row] - times[last])
        alike = sizes[row] == sizes[last]
        if pause > LONGEST_PAUSE or (may_be_news and not (alike and messages.columns["content_type"][row] is None)):
            original = row
        else:
            retransmission_of[row] = frames[original]
        last = row


def _may_be_news(messages: Table[Message], row: int) -> bool:
    """Whether the message is a provisional response that is not reliable.

    Such a response is not sent again for want of an acknowledgement (RFC 3261 §13.3.1.1). One of another length, or
    with a body, may say something new under the same status.
    """
    return 100 <= messages.columns["status"][row] < 200 and messages.columns["rseq"][row] is None
