"""The findings of all cases of a batch as one table, for scripts."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from collabtrace.columns import kinds
from collabtrace.reports.site.record import Record
from collabtrace.schema import Finding

COLUMNS = ("case", *kinds(Finding))
"""Those of the table ``findings``, and before them the case."""


def rows(records: Iterable[Record]) -> Iterator[Mapping[str, Any]]:
    """A row for each finding."""
    for told in records:
        for found in told.findings:
            yield {"case": told.name, **found}


def csv(records: Sequence[Record]) -> bytes:
    """The table as CSV; lists are written as JSON."""
    import pandas as pd

    frame = pd.DataFrame([_flat(row) for row in rows(records)], columns=list(COLUMNS))
    return frame.to_csv(index=False, lineterminator="\n").encode()


def parquet(records: Sequence[Record]) -> bytes:
    """The table as Parquet; an ImportError where pyarrow is not installed."""
    import pyarrow as pa
    import pyarrow.parquet

    text, texts = pa.string(), pa.list_(pa.string())
    proof = pa.struct([("file", text), ("frame", pa.int64()), ("shows", text)])
    types = {"calls": texts, "remedy": texts, "references": texts, "evidence": pa.list_(proof)}
    schema = pa.schema([(name, types.get(name, text)) for name in COLUMNS])
    target = io.BytesIO()
    pa.parquet.write_table(pa.Table.from_pylist([dict(row) for row in rows(records)], schema=schema), target)
    return target.getvalue()


def _flat(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple) else value
        for name, value in row.items()
    }
