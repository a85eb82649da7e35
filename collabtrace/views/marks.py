"""What findings say of frames, for the arrows of a ladder."""

from collections.abc import Iterable, Mapping

from collabtrace.schema import Finding
from collabtrace.views.rows import Sighting


def of_findings(findings: Iterable[Finding]) -> Mapping[Sighting, str]:
    """What the proofs of *findings* show, by file and frame; a frame that proves several says all of it."""
    said: dict[Sighting, dict[str, None]] = {}
    for finding in findings:
        for proof in finding.evidence:
            said.setdefault((proof.file, proof.frame), {})[proof.shows] = None
    return {sighting: "; ".join(shown) for sighting, shown in said.items()}
