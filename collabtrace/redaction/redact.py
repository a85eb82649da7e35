"""Captures in, captures out that can leave the house: written, then proved, and removed where the proof fails."""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from collabtrace.errors import CaptureError
from collabtrace.findings import diagnose
from collabtrace.redaction import proof, rewriting
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words
from collabtrace.sessions.case import Case, read_case

_PART = ".part"
_FEWEST_LETTERS = 4
"""Of a name that is replaced even where a product or the protocol is named."""


def redact(
    sources: Sequence[Path],
    targets: Sequence[Path],
    key: bytes | None = None,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Write each of *sources* to its target, all with the same substitutes; without a *key* nobody can repeat them.

    *progress* is told the bytes read since it was last told, while the captures are read first. A CaptureError names
    what cannot be read, or lists what the proof found; then no target is left.
    """
    words = Words(key or secrets.token_bytes(32))
    text = Text(words, Addresses(words))
    parts = [target.with_name(target.name + _PART) for target in targets]
    try:
        with read_case(sources, progress) as before:
            known = proof.names(before)
            text.names = frozenset(name.lower() for name in known if len(name) >= _FEWEST_LETTERS)
            for source, target, part in zip(sources, targets, parts, strict=True):
                with part.open("wb") as out:
                    rewriting.rewrite(source, out, text, compressed=target.suffix == ".gz")
            wrong = _wrong(before, parts, text)
        private = proof.tokens(known, text)
        for source, part in zip(sources, parts, strict=True):
            wrong += [*proof.leaks(part, private), *proof.same_hardware(source, part, text)]
        if wrong:
            raise CaptureError(f"{sources[0].name}: not redacted, because {proof.shown(wrong)}")
        for target, part in zip(targets, parts, strict=True):
            part.replace(target)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def _wrong(before: Case, written: Sequence[Path], text: Text) -> list[str]:
    """What the written captures say otherwise."""
    with read_case(written) as after:
        return proof.differences((before, diagnose(before)), (after, diagnose(after)), text)
