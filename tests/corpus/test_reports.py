"""The report blocks of RTCP are those that tshark shows, where tshark and the corpus are at hand."""

import json
import shutil
import subprocess
from collections import defaultdict
from typing import Any

import pytest

from collabtrace.sessions.case import read_case

FIELDS = ("rtcp.ssrc.fraction", "rtcp.ssrc.cum_nr", "rtcp.ssrc.jitter")


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")
def test_report_blocks_are_as_tshark_says(truth: Any) -> None:
    record = truth.path.parent.with_name("truth") / f"{truth.name}.json"
    if "rtcp" not in json.loads(record.read_text(encoding="utf-8"))["counts"]:
        return
    with read_case([truth.path]) as case:
        ours: dict[int, list[tuple[float, ...]]] = defaultdict(list)
        for report in case.reports:
            if report.kind == "rr" and report.about is not None:
                lost = float(report.lost or 0)
                ours[report.frame].append((256 * (report.fraction_lost or 0), lost, float(report.jitter or 0)))
    # SRTCP and RTCP that only an ICMP error quotes is no report; tshark finds RTCP beside RTP that no SDP names.
    options = ["-n", "-r", str(truth.path), "-o", "rtp.heuristic_rtp:TRUE", "-Y", "rtcp && !icmp && !srtcp"]
    columns = [option for name in ("frame.number", *FIELDS) for option in ("-e", name)]
    command = [str(shutil.which("tshark")), *options, "-T", "fields", *columns]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    theirs = {}
    for frame, *values in (line.split("\t") for line in lines):
        blocks = list(zip(*([float(each) for each in value.split(",") if each] for value in values), strict=True))
        if blocks:
            theirs[int(frame)] = blocks
    assert {frame: ours[frame] for frame in theirs} == theirs
