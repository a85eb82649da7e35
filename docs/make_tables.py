"""Write ``docs/tables.md``, the reference of all tables, from their declarations in ``collabtrace/schema.py``."""

import ast
import inspect
from pathlib import Path

from collabtrace import schema

REFERENCE = Path(__file__).with_name("tables.md")
START = """\
# Tables

Each is a DataFrame of a `Trace`, and a `--table` of `collabtrace tables`. Times are seconds since the epoch (UTC),
addresses text as Wireshark prints them, `frame` is Wireshark's frame number in its `file`. Missing is null. A column
named `x_row` is the row number of the record meant in the table that its text names.

This page is made from `collabtrace/schema.py` by `make docs`.
"""


def reference() -> str:
    """The text of the page."""
    declared = {node.name: node for node in ast.parse(inspect.getsource(schema)).body if isinstance(node, ast.ClassDef)}
    sections = [_section(name, declared[record.__name__]) for name, record in schema.TABLES.items()]
    return "\n".join([START, *sections])


def _section(name: str, record: ast.ClassDef) -> str:
    rows = "".join(f"| `{column}` | {_cell(kind)} | {_cell(meaning)} |\n" for column, kind, meaning in columns(record))
    return f"## {name}\n\n{ast.get_docstring(record)}\n\n| column | type | meaning |\n|---|---|---|\n{rows}"


def columns(record: ast.ClassDef) -> list[tuple[str, str, str]]:
    """Name, type and meaning of each column of one declaration; the meaning is the string under it."""
    found: list[tuple[str, str, str]] = []
    for statement in record.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                found.append((name, ast.unparse(annotation), ""))
            case ast.Expr(value=ast.Constant(value=str(text))) if found:
                found[-1] = (*found[-1][:2], inspect.cleandoc(text))
    return found


def _cell(text: str) -> str:
    """Text that stays inside its cell, its code marked as Markdown marks it."""
    return " ".join(text.replace("``", "`").replace("|", "\\|").split())


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8")
