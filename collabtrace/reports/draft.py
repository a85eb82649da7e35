"""Files that are there whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(target: Path) -> Iterator[Path]:
    """Give a draft to write, which takes the place of *target* once it is written to its end.

    An OSError names the target, and not the draft of it. What is no ordinary file (a device, a pipe) is written itself.
    """
    if target.exists() and not target.is_file():
        yield target
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield draft
        draft.replace(target)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error
    finally:
        draft.unlink(missing_ok=True)
