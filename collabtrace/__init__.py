"""Cisco-style collaboration calls from Wireshark captures: tables, ladders, media paths, findings.

>>> import collabtrace as ct
>>> trace = ct.open("case.pcapng")      # several files are capture points of one case
>>> trace.messages                      # plain pandas DataFrames: dialogs, calls, media, streams, findings …
>>> trace.call(1).ladder()              # shows itself in a notebook
>>> trace.report("case.html")
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collabtrace.errors import CaptureError, ParseError
    from collabtrace.rulebook import rules as catalogue
    from collabtrace.trace import Call, Trace, example
    from collabtrace.trace import open_captures as open  # noqa: A004 - ct.open reads as it should

__all__ = ["Call", "CaptureError", "ParseError", "Trace", "catalogue", "example", "open"]

_PLACES = {
    "Call": ("trace", "Call"),
    "CaptureError": ("errors", "CaptureError"),
    "ParseError": ("errors", "ParseError"),
    "Trace": ("trace", "Trace"),
    "catalogue": ("rulebook", "rules"),
    "example": ("trace", "example"),
    "open": ("trace", "open_captures"),
}
"""Where each public name lives; looked up late, so that the command line loads only what it needs."""


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'collabtrace' has no attribute {name!r}")
    module, attribute = _PLACES[name]
    return getattr(importlib.import_module(f"collabtrace.{module}"), attribute)
