"""The two errors of the package.

``CaptureError`` is about a file: it cannot be read at all. ``ParseError`` is about bytes:
they cannot be what the parser reads. Misuse of a function raises the builtins.
"""


class CaptureError(Exception):
    """A capture file is unusable; the text names the file, what was seen and what to do, in one line."""


class ParseError(ValueError):
    """The bytes given cannot be a value of the protocol; the text says what was seen and expected."""
