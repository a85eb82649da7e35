"""Captures in, captures out that can leave the house: written, then proved, and removed where the proof fails."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from collabtrace.errors import CaptureError
from collabtrace.findings import diagnose
from collabtrace.redaction import proof, rewriting
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words
from collabtrace.sessions.case import read_case

_PART = ".part"


def redact(sources: Sequence[Path], targets: Sequence[Path], key: bytes | None = None) -> None:
    """Write each of *sources* to its target, all with the same substitutes; without a *key* nobody can repeat them.

    A CaptureError names what cannot be read, or lists what the proof found; then no target is left.
    """
    words = Words(key or secrets.token_bytes(32))
    text = Text(words, Addresses(words))
    parts = [target.with_name(target.name + _PART) for target in targets]
    try:
        for source, target, part in zip(sources, targets, parts, strict=True):
            with part.open("wb") as out:
                rewriting.rewrite(source, out, text, compressed=target.suffix == ".gz")
        wrong = _wrong(sources, parts, text)
        if wrong:
            raise CaptureError(f"{sources[0].name}: not written, because {proof.shown(wrong)}")
        for target, part in zip(targets, parts, strict=True):
            part.replace(target)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def _wrong(sources: Sequence[Path], written: Sequence[Path], text: Text) -> list[str]:
    """What is not as it should be."""
    with read_case(sources) as before, read_case(written) as after:
        judged = (before, diagnose(before)), (after, diagnose(after))
        found = proof.differences(*judged, text)
        private = proof.tokens(before, text)
    return found + [leak for path in written for leak in proof.leaks(path, private)]
