"""What the command line says, and where: results on stdout or in a file, everything else on stderr."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

CONTROL = dict.fromkeys((*range(32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}")
"""Control characters, which a terminal would obey; the name of a file can hold them."""


class UnusableError(Exception):
    """An argument that cannot be used; the text says why in one line."""


def prepare() -> None:
    """Let stdout and stderr take any text: scripts read UTF-8, whatever a console of this machine shows."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # Closed by whoever started the program (`>&-`): there is nobody to tell.
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the end
        else:
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def refuse(reason: str) -> int:
    """Say in one line why nothing can be done, and give the exit status for that."""
    sys.stderr.write(f"collabtrace: {' '.join(reason.split()).translate(CONTROL)}\n")
    return 2


def show(text: str) -> None:
    """Write a result to stdout."""
    with _piped():
        sys.stdout.write(text)


@contextmanager
def target(output: Path | None) -> Iterator[IO[str]]:
    """Where text goes: the file *output*, or stdout."""
    if output is None:
        with _piped():
            yield sys.stdout
        return
    with writing(output), output.open("w", encoding="utf-8", newline="") as out:
        yield out


@contextmanager
def writing(output: Path) -> Iterator[None]:
    """Say in one line why *output* cannot be written."""
    try:
        yield
    except ImportError as error:
        reason = f"this needs {error.name}, which is not installed: pip install {error.name}"
        raise UnusableError(f"{output.name}: {reason}") from error
    except OSError as error:
        raise UnusableError(f"{output}: cannot be written: {error.strerror or error}") from error


@contextmanager
def progress(captures: list[Path]) -> Iterator[Callable[[int], None] | None]:
    """A bar that is told the bytes read, where someone looks at it."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    total = sum(path.stat().st_size for path in captures if path.is_file())
    with tqdm(total=total, unit="B", unit_scale=True, leave=False, file=sys.stderr, delay=0.5) as bar:

        def tell(read: int) -> None:
            bar.update(read)

        yield tell


@contextmanager
def steps(total: int, unit: str) -> Iterator[Callable[[str], None]]:
    """A bar with the time left, where someone looks at it; it is told the name of each step that is done."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=total, unit=unit, leave=False, file=sys.stderr) as bar:

        def tell(name: str) -> None:
            bar.set_postfix_str(name.translate(CONTROL)[-40:], refresh=False)
            bar.update(1)

        yield tell


@contextmanager
def with_extra(name: str) -> Iterator[None]:
    """Say in one line which extra of the package is not installed."""
    try:
        yield
    except ImportError as error:
        raise UnusableError(
            f"this needs {error.name}, which is not installed: pip install 'collabtrace[{name}]'"
        ) from error
    except ConnectionError as error:
        raise UnusableError(str(error)) from error


@contextmanager
def _piped() -> Iterator[None]:
    """Let the reader of stdout stop reading (`| head`): that is no failure of ours."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
