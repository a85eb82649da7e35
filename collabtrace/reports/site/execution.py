"""One report notebook: run on the captures of a case, and turned into the documents asked for.

papermill puts the captures into the notebook's cell of parameters and runs it; nbconvert makes the page. The page is
one file: the template of nbconvert beside this module brings the look of the report and nothing from any network.
PDF is made of that page by WeasyPrint, without a browser.
"""

import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from collabtrace.views import theme

TEMPLATE = Path(__file__).with_name("template.ipynb")
"""The report notebook that is taken where no other is named."""
LOOKS = Path(__file__).with_name("nbconvert")
"""Where the template of nbconvert is."""
FORMATS = ("html", "ipynb", "pdf")
"""The kinds of documents."""
CELL_SECONDS = 3600
"""How long one cell may run."""

ON_PAPER = "svg{max-width:100%;height:auto}.collabtrace .facts,.collabtrace .facts div{display:block}"
"""What fits drawings and lists into the width of a sheet."""


class NotebookError(Exception):
    """A report notebook that cannot be run; the text says which cell raised what."""


def run(template: Path, captures: Sequence[Path], formats: Sequence[str], title: str) -> Mapping[str, bytes]:
    """Run the notebook *template* on *captures*; the documents by their suffix."""
    with tempfile.TemporaryDirectory(prefix="collabtrace-") as folder:
        executed = Path(folder, "report.ipynb")
        _execute(template, executed, {"captures": [str(path.absolute()) for path in captures]})
        page = _page(executed, title) if {"html", "pdf"} & set(formats) else ""
        made = {"ipynb": executed.read_bytes(), "html": page.encode()}
    if "pdf" in formats:
        made["pdf"] = _pdf(page)
    return {suffix: made[suffix] for suffix in formats}


def check(template: Path) -> None:
    """See that the captures can be given to a template; a NotebookError where they cannot."""
    try:
        cells = json.loads(template.read_text(encoding="utf-8"))["cells"]
        tagged = any("parameters" in cell.get("metadata", {}).get("tags", ()) for cell in cells)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotebookError(f"{template.name}: is no notebook that can be run: {error}") from error
    if not tagged:
        raise NotebookError(
            f"{template.name}: no cell has the tag 'parameters', so that the captures cannot be given to it; write a "
            "cell with captures = [], and give it that tag in JupyterLab (Property Inspector)"
        )


def _execute(template: Path, target: Path, parameters: Mapping[str, Any]) -> None:
    import nbformat
    import papermill
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillException, PapermillExecutionError

    from collabtrace.reports.site.kernel import LocalKernel

    try:
        papermill.execute_notebook(
            str(template),
            str(target),
            parameters=parameters,
            progress_bar=False,
            log_output=False,
            execution_timeout=CELL_SECONDS,
            kernel_manager_class=LocalKernel,
            cwd=os.fspath(target.parent),
        )
    except PapermillExecutionError as error:
        raise NotebookError(f"{template.name}: cell {error.exec_count} raised {error.ename}: {error.evalue}") from error
    except DeadKernelError as error:
        raise NotebookError(f"{template.name}: its kernel died; perhaps the memory was not enough") from error
    except NoSuchKernel as error:
        raise NotebookError(
            f"{template.name}: wants the kernel {error.name!r}, which is not installed here; choose another in "
            "JupyterLab (Kernel › Change Kernel) and save it"
        ) from error
    except (PapermillException, nbformat.ValidationError, ValueError) as error:
        raise NotebookError(f"{template.name}: is no notebook that can be run: {error}") from error


def _page(notebook: Path, title: str) -> str:
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    from collabtrace.reports.section import CLASS, asset, style

    settings = Config()
    settings.TagRemovePreprocessor.enabled = True
    settings.TagRemovePreprocessor.remove_input_tags = {"remove_input", "parameters", "injected-parameters"}
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="collabtrace", extra_template_basedirs=[str(LOOKS)], config=settings
    )
    resources = {"collabtrace": {"title": title, "style": style() + asset("page.css"), "class": CLASS}}
    page, _ = exporter.from_filename(str(notebook), resources=resources)
    return str(page)


def _pdf(page: str) -> bytes:
    import weasyprint

    def nothing(url: str) -> Mapping[str, object]:
        """The page is whole: whatever else it would fetch came from a capture or a cell."""
        raise ValueError(f"{url} is not fetched")

    # WeasyPrint draws each SVG by itself and knows no custom properties there.
    drawn = re.sub(r"(<svg\b[^>]*>)", rf"\1<style>{theme.flat()}</style>", page)
    unfolded = drawn.replace("<details", "<details open").replace("</head>", f"<style>{ON_PAPER}</style></head>", 1)
    document: bytes = weasyprint.HTML(string=unfolded, url_fetcher=nothing).write_pdf()
    return document
