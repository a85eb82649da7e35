"""The command line: one program, ``collabtrace``.

stdout carries only the result, so that it can be piped; progress and warnings go to stderr, progress only
when stderr is a terminal. Exit status: 0 the work was done, 1 ``--fail-on`` was met, 2 the input or the
arguments are unusable, said in one line. Whatever a command needs is imported when it runs, because
starting should not cost more than reading a small capture.
"""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from collabtrace import compiled, console
from collabtrace.console import UnusableError
from collabtrace.errors import CaptureError
from collabtrace.severity import Severity

if TYPE_CHECKING:
    from collabtrace.columns import Table
    from collabtrace.sessions.case import Case

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Troubleshoot Cisco-style collaboration calls from Wireshark captures.",
)


class Format(StrEnum):
    """How a table is written."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


class FindingFormat(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"


Captures = Annotated[
    list[Path],
    typer.Argument(
        metavar="CAPTURE", help="pcap or pcapng, gzip-compressed or not; several are capture points of one case"
    ),
]
CallOption = Annotated[
    str | None, typer.Option("--call", metavar="CALL-ID", help="one call: a Call-ID of any leg, or its number")
]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="write to this file")]


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        console.show(f"collabtrace {version('collabtrace')}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Troubleshoot Cisco-style collaboration calls from Wireshark captures."""


@app.command()
def report(
    captures: Captures, output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE")] = Path("report.html")
) -> None:
    """Write one self-contained HTML report of the case."""
    from collabtrace.findings import diagnose
    from collabtrace.reports import page

    with _case(captures, output) as case, console.writing(output):
        page.write(case, diagnose(case), output)
    console.show(f"{output}\n")


@app.command()
def diagnose(
    captures: Captures,
    style: Annotated[FindingFormat, typer.Option("--format", help="how to write the findings")] = FindingFormat.TEXT,
    rule: Annotated[
        list[str] | None, typer.Option("--rule", metavar="ID", help="only this rule; may be repeated")
    ] = None,
    fail_on: Annotated[Severity | None, typer.Option(help="exit with 1 when a finding is this grave or graver")] = None,
) -> None:
    """Name the known faults, with the frames that prove them."""
    from collabtrace import findings
    from collabtrace.rulebook import find_rule
    from collabtrace.views import findings as shown

    try:
        only = [find_rule(name).id for name in rule or ()]
    except KeyError as error:
        raise UnusableError(error.args[0]) from None
    with _case(captures) as case:
        diagnosis = findings.diagnose(case, only)
        console.show(shown.as_json(case, diagnosis) if style is FindingFormat.JSON else shown.as_text(case, diagnosis))
    grave = list(Severity)
    if fail_on and any(grave.index(Severity(found.severity)) <= grave.index(fail_on) for found in diagnosis.findings):
        raise typer.Exit(1)


@app.command()
def tables(
    captures: Captures,
    table: Annotated[str, typer.Option(metavar="NAME", help="messages, dialogs, calls, media, streams …")] = "",
    style: Annotated[
        Format | None, typer.Option("--format", help="how to write the table; else the suffix of the file tells")
    ] = None,
    output: Output = None,
    reveal_digits: Annotated[
        bool, typer.Option("--reveal-digits", help="write the keys that were pressed, and not a dot for each")
    ] = False,
) -> None:
    """Write one table."""
    from collabtrace.schema import TABLES
    from collabtrace.views import tables as written
    from collabtrace.views.masking import masked

    if table not in TABLES:
        wrong = f"there is no table {table!r}" if table else "name a table with --table"
        raise UnusableError(f"{wrong}; the tables are: {', '.join(TABLES)}")
    style = style or next((each for each in Format if output and output.suffix.lower() == f".{each}"), Format.TEXT)
    if style is Format.PARQUET and output is None:
        raise UnusableError("Parquet is not text: name a file with -o")
    with _case(captures, output) as case:
        rows = masked(_rows(case, table), reveal_digits=reveal_digits)
        if style is Format.PARQUET and output is not None:
            with console.writing(output), output.open("wb") as binary:
                written.write_parquet(rows, binary)
            return
        with console.target(output) as out:
            {Format.TEXT: written.write_text, Format.CSV: written.write_csv, Format.JSON: written.write_json}[style](
                rows, out
            )


@app.command()
def ladder(captures: Captures, call: CallOption = None, output: Output = None) -> None:
    """Draw the ladder diagram, with what proves a fault marked: .svg, .png, .txt or .mmd; text on stdout without -o."""
    from collabtrace import findings
    from collabtrace.views import ladder as view
    from collabtrace.views import marks, saving

    with _case(captures, output) as case:
        number = _number(case, call)
        hits = marks.of_findings(findings.diagnose(case).findings)
        _draw(saving.LADDER, view.plan(case, number, hits=hits), output)


@app.command()
def paths(captures: Captures, call: CallOption = None, output: Output = None) -> None:
    """Draw the media paths: .svg, .png, .graphml or .json; JSON on stdout without -o."""
    from collabtrace.views import paths as view
    from collabtrace.views import saving

    with _case(captures, output) as case:
        _draw(saving.PATHS, view.plan(case, _number(case, call)), output)


@app.command()
def compare(
    one: Annotated[Path, typer.Argument(metavar="A", help="a capture")],
    other: Annotated[Path, typer.Argument(metavar="B", help="one of the same traffic at another point")],
) -> None:
    """Compare the same traffic at two capture points: what changed, what one alone saw, how the clocks differ."""
    from collabtrace.sessions import comparison
    from collabtrace.views import comparison as view

    with _case([one, other]) as case:
        first, second = case.captures.values("file")
        console.show(view.as_text(case, comparison.build(case, (first, second))))


@app.command()
def batch(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="captures, and folders that are searched for them")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FOLDER", help="where the reports go")],
    jobs: Annotated[int, typer.Option(min=1, help="cases at a time")] = 1,
    resume: Annotated[
        bool, typer.Option("--resume", help="leave reports that are whole and current as they are")
    ] = False,
    formats: Annotated[
        str, typer.Option("--format", metavar="LIST", help="html, ipynb, pdf; several with commas")
    ] = "html",
    template: Annotated[
        Path | None, typer.Option(metavar="NOTEBOOK", help="a report notebook of your own, with a cell of parameters")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="tcp://…", help="a Dask scheduler that spreads the cases")
    ] = None,
) -> None:
    """Make a report of each case in many captures, an index page, and a table of all findings."""
    gc.enable()  # With one job the notebooks are run by this process, case after case, and leave cycles behind.
    from collabtrace.reports.site import execution
    from collabtrace.reports.site.batch import Batch

    wanted = tuple(dict.fromkeys(filter(None, formats.split(","))))
    if not wanted or not set(wanted) <= set(execution.FORMATS):
        raise UnusableError(f"--format {formats}: the formats are {', '.join(execution.FORMATS)}")
    for path in [*paths, *([template] if template else [])]:
        if not path.exists():
            raise UnusableError(f"{path}: there is no such file or folder")
    if template:
        try:
            execution.check(template)
        except execution.NotebookError as error:
            raise UnusableError(str(error)) from None
    made = Batch(output, template or execution.TEMPLATE, wanted, jobs, cluster, resume)
    with console.with_extra("batch"), console.writing(output):
        cases = made.cases(paths)
        if not cases:
            raise UnusableError(f"{paths[0]}: no capture is in it (.pcap, .pcapng, .cap, also with .gz)")
        with console.steps(len(cases), "case") as tell:
            records = made.run(cases, lambda told: tell(told.name))
        wrong = made.publish(records)
    failed = [told for told in records if told.state == "failed"]
    if not wrong:
        console.show(f"{output / 'index.html'}\n")
    if failed:
        first = failed[0]
        wrong.append(f"{len(failed)} of {len(records)} cases have no report; the first: {first.name}: {first.error}")
    if wrong:
        raise UnusableError("; ".join(wrong))


@app.command()
def capture(
    interface: Annotated[str, typer.Option("-i", "--interface", metavar="IFACE", help="where to capture")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE")] = Path("capture.pcapng"),
    megabytes: Annotated[int | None, typer.Option(min=1, help="begin a new file at this size: a ring buffer")] = None,
    files: Annotated[int | None, typer.Option(min=2, help="files that the ring buffer keeps")] = None,
    capture_filter: Annotated[str | None, typer.Option("--filter", help="a capture filter, as of tcpdump")] = None,
    seconds: Annotated[float | None, typer.Option(min=0.1, help="end by itself after so long")] = None,
) -> None:
    """Capture packets with dumpcap, until Ctrl-C; with --megabytes into a ring buffer.

    Look at the calls while it runs: in a notebook, trace = ct.open("capture.pcapng") reads what is there so far, of a
    ring buffer all its files, and trace.refresh() reads what came since.
    """
    from collabtrace import recording

    if files and not megabytes:
        raise UnusableError("--files counts the files of a ring buffer, whose size --megabytes says")
    words = recording.command(
        interface, output, megabytes=megabytes, files=files, capture_filter=capture_filter, seconds=seconds
    )
    recording.run(words, interface)
    console.show(f"{output}\n")


@app.command()
def lab(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="your working copy")] = Path("collabtrace-lab"),
    no_browser: Annotated[bool, typer.Option("--no-browser", help="do not open a browser")] = False,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="the port of JupyterLab")] = None,
) -> None:
    """Open JupyterLab on a working copy of the guided notebooks, with the sample captures beside them."""
    from collabtrace import lab as work

    with console.with_extra("lab"), console.writing(folder):
        status = work.start(work.prepare(folder), browser=not no_browser, port=port)
    raise typer.Exit(2 if status else 0)


@app.command()
def redact(
    captures: Captures,
    output: Annotated[Path, typer.Argument(metavar="OUT", help="a file; of several captures a folder")],
    key: Annotated[
        str | None, typer.Option(metavar="TEXT", help="the same text gives the same substitutes in another run")
    ] = None,
) -> None:
    """Write captures that can leave the house: nothing private is left, and the findings are the same."""
    from collabtrace.capture.source import spare
    from collabtrace.redaction.redact import redact as write

    if key == "":
        raise UnusableError("--key is empty, so nobody could repeat the substitutes; give a text, or leave it out")
    several = len(captures) > 1 or output.is_dir()
    targets = [output / path.name for path in captures] if several else [output]
    if len(set(targets)) < len(targets):
        raise UnusableError(f"{captures[0].name}: two captures have the same name, and would have the same output")
    for target in targets:
        spare(target, captures)
    with console.writing(output):
        if several:
            output.mkdir(parents=True, exist_ok=True)
        with console.progress(captures) as progress:
            write(captures, targets, key.encode() if key else None, progress)
    console.show("".join(f"{target}\n" for target in targets))


@app.command()
def rules() -> None:
    """List the catalogue of faults."""
    from collabtrace.rulebook import rules as catalogue

    width = max((len(each.id) for each in catalogue()), default=0)
    console.show("".join(f"{each.id:{width}}  {each.severity.value:8}  {each.title}\n" for each in catalogue()))


@app.command()
def explain(rule: Annotated[str, typer.Argument(metavar="RULE", show_default=False)] = "") -> None:
    """Show one rule's page."""
    from collabtrace.rulebook import find_rule, rules

    if not rule:
        raise UnusableError(f"name a rule: {', '.join(each.id for each in rules())}")
    try:
        console.show(find_rule(rule).page + "\n")
    except KeyError as error:
        raise UnusableError(error.args[0]) from None


def main() -> None:
    """Run the program; whatever is unusable is said in one line on stderr, with exit status 2."""
    gc.disable()  # Tables hold no cycles, and walking them again and again costs a tenth of the time.
    if sys.argv[1:2] != ["lab"]:
        # Read when numpy is loaded: threads that spin while they wait for a product of matrices cost more than it does.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    console.prepare()
    if compiled.core is not None:
        compiled.core.keep_freed()
    try:
        status = app(sys.argv[1:] or ["--help"], prog_name="collabtrace", standalone_mode=False)
    except KeyboardInterrupt:
        status = 130
    except (CaptureError, UnusableError) as error:
        status = console.refuse(str(error))
    except OSError as error:
        status = console.refuse(f"{error.filename or 'output'}: {error.strerror or error}")
    except Exception as error:
        if not hasattr(error, "format_message"):  # Typer's own errors about the arguments
            raise
        status = console.refuse(error.format_message())
    gc.freeze()  # Nor is anything looked for among them when the program ends.
    sys.exit(status)


@contextmanager
def _case(captures: list[Path], output: Path | None = None) -> Iterator["Case"]:
    """Read the case with progress on a terminal, and give its temporary space back afterwards.

    What is to be written to *output* must not take the place of a capture.
    """
    from collabtrace.capture.source import spare
    from collabtrace.sessions.case import read_case

    if output is not None:
        spare(output, captures)
    with console.progress(captures) as progress:
        case = read_case(captures, progress)
    with case:
        yield case


def _rows(case: "Case", table: str) -> "Table[Any]":
    if table == "findings":
        from collabtrace.findings import diagnose as judge

        return judge(case).findings
    rows: Table[Any] = getattr(case, table)
    return rows


def _number(case: "Case", call: str | None) -> int | None:
    """The number of the call that the user named by any leg's Call-ID or by number; None for all."""
    if call is None:
        return None
    number = case.call_number(call)
    if number is None:
        known = "; ".join(f"{at}, {ids[0]}" for at, ids in enumerate(case.calls.values("call_ids")[:3], 1))
        known += " …" if len(case.calls) > 3 else ""
        raise UnusableError(f"there is no call {call!r} in the capture; its calls are: {known or 'none'}")
    return number


def _draw(drawings: Any, plan: Any, output: Path | None) -> None:
    """Draw a plan in the form that the name of the output file asks for."""
    if output is None:
        console.show(drawings.text(plan))
        return
    draw = drawings.by_suffix.get(output.suffix.lower())
    if draw is None:
        raise UnusableError(f"{output.name}: cannot write {output.suffix or 'a file without suffix'}; the suffixes are "
                       + " ".join(drawings.by_suffix))  # fmt: skip
    with console.writing(output):
        output.write_bytes(draw(plan))
