"""What is compiled, where a compiler was there when the package was installed.

The package is whole without it: ``core`` is None then, and everything takes the way through Python and numpy. What
the compiled functions give is the same on every input; tests hold it so. They are for the usual packet and the usual
message, and say of all others that they do not know.
"""

import importlib
import os
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    from numpy.typing import NDArray

Facts = TypeVar("Facts", bound=tuple[Any, ...])
Column: TypeAlias = "NDArray[Any]"

REVISION = 3
"""Of the compiled functions: what was compiled from another one is left alone."""


class Core(Protocol):
    """The compiled functions; the columns that they fill stand last."""

    def facts(self, data: bytes, kind: type[Facts], watched: bytes, /) -> tuple[Facts, bool] | None:
        """See ``protocols.sip.usual``."""

    def keep_freed(self) -> None:
        """Let the process keep memory that is freed, for the next chunk: for programs, not for notebooks."""

    def walk(
        self, data: Column, size: int, first: int, big: bool, field: int, extra: int, least: int, most: int,
        padding: int, stop: int, /,
    ) -> tuple[bytearray, int]:  # fmt: skip
        """The places of ``capture.walk.walk``, as int64, and where it ended."""

    def payloads(self, data: Column, ports: Column, /, *columns: "Column | int") -> int:
        """See ``capture.shapes``."""

    def flows(self, factors: Column, slots: Column, ends: Column, kind: Column, /, *columns: Column) -> int:
        """See ``capture.flow_numbers``; how many payloads have no known flow."""

    def repeated(self, factors: Column, data: Column, /, *columns: Column) -> int:
        """See ``capture.duplicates``; how many digests had come before."""

    def media(self, data: Column, control: Column, codes: Column, /, *columns: Column) -> int:
        """See ``sessions.detection``; how many payloads are no media."""

    def rtp(self, data: Column, starts: Column, lengths: Column, wire_lengths: Column, /, *columns: Column) -> bool:
        """See ``protocols.rtp.columns``; False where some packet is not whole, and nothing is to be used."""


def _load() -> Core | None:
    if os.environ.get("COLLABTRACE_PURE"):
        return None
    try:
        found = importlib.import_module("collabtrace._core")
    except ImportError:
        return None
    return cast("Core", found) if found.REVISION == REVISION else None


core = _load()
"""The compiled functions, or None; the environment variable ``COLLABTRACE_PURE`` leaves them alone."""
