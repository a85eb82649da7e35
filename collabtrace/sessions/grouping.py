"""The rows of the messages table by the Call-ID that they share.

Transactions and dialogs live within one Call-ID, so they are looked for in small groups: what is remembered
of one group is gone before the next, however long the capture is.
"""

from collections import defaultdict

from collabtrace.columns import Table
from collabtrace.schema import Message


def by_call_id(messages: Table[Message]) -> list[list[int]]:
    """The rows of each Call-ID of each file, in the order in which these appear; rows without one are left out."""
    groups: defaultdict[tuple[str, str | None], list[int]] = defaultdict(list)
    for row, key in enumerate(zip(messages.values("file"), messages.values("call_id"), strict=True)):
        groups[key].append(row)
    return [rows for (_, call_id), rows in groups.items() if call_id is not None]
