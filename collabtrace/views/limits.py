"""What a capture cannot show, in words: the reader must know it before trusting an absence."""

from collections.abc import Iterator
from pathlib import Path

from collabtrace.capture.series import series
from collabtrace.schema import Capture
from collabtrace.views.absence import NO_STREAM, other_signalling
from collabtrace.views.contents import Case
from collabtrace.views.wording import counted, sentence


def limits(case: Case) -> list[str]:
    """Every reason to doubt that something absent from what is shown was absent from the network."""
    return [*(said for capture in case.captures for said in _of_file(capture)), *_of_content(case)]


def _of_file(capture: Capture) -> Iterator[str]:
    if capture.truncated:
        yield (
            f"{capture.file} ends in the middle of a packet: it was still being written, or the disk was full. "
            "What came after is missing."
        )
    if capture.dropped:
        yield (
            f"The capture of {capture.file} dropped {counted(capture.dropped, 'packet')}: a loss shown here may be "
            "the capture's own."
        )
    elif capture.dropped is None and capture.packets:
        yield f"{capture.file} does not record whether the capture dropped packets."
    if capture.snapped:
        yield (
            f"{capture.file} kept only the beginning of {counted(capture.snapped, 'packet')}: long SIP messages may "
            "lack their end, which is where the SDP is."
        )
    if capture.duplicates:
        yield (
            f"{counted(capture.duplicates, 'packet')} of {capture.file} {_are(capture.duplicates)} a second copy of an "
            "earlier one; second copies are recognised and not counted."
        )
    if capture.secrets:
        yield (
            f"{capture.file} brings {counted(capture.secrets, 'block')} of decryption secrets: Wireshark can read what "
            "collabtrace cannot."
        )
    yield from (f"{capture.file}: {flaw}" for flaw in capture.flaws)


def _of_content(case: Case) -> Iterator[str]:
    for files in series(map(Path, case.captures.values("file"))):
        if len(files) > 1:
            yield (
                f"{', '.join(file.name for file in files)} are one after the other what one capture wrote. Each is "
                "read by itself: a call that goes on in the next file has another leg there."
            )
    if not len(case.messages):
        yield (
            "No SIP message was seen: the signalling took another way, was encrypted, or began before the capture. "
            "Without it no call, no media description and no clock rate of dynamic codecs is known."
        )
        for other in other_signalling(case.flows):
            yield f"{other}: signalling that collabtrace does not read."
    if not len(case.streams):
        yield f"{sentence(NO_STREAM)}: how media sounded or looked cannot be said."
    protocols = case.flows.values("protocol")
    for protocol, what in (("tls", "TLS"), ("dtls", "DTLS")):
        flows = protocols.count(protocol)
        if flows:
            yield f"{counted(flows, 'flow')} {_are(flows)} encrypted with {what}: what is inside cannot be shown."
    encrypted = sorted({security for security in case.media.values("security") if security})
    if encrypted:
        yield (
            f"Media is encrypted (SRTP, keys by {', '.join(encrypted)}): loss and jitter are exact, since RTP headers "
            "are in the clear; what was said or shown cannot be told."
        )
    ongoing = case.calls.values("result").count("ongoing")
    if ongoing:
        yield f"The end of {counted(ongoing, 'call')} is not in the capture."
    timeless = case.streams.values("clock_rate").count(None)
    if timeless:
        yield f"The clock rate of {counted(timeless, 'stream')} is not known, so {_their(timeless)} jitter is missing."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _their(number: int) -> str:
    return "its" if number == 1 else "their"
