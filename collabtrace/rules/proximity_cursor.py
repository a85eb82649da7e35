"""A codec runs a release that is reported to share desktops without the mouse cursor.

## What it finds
A codec whose SIP names a software release of which an engineer reported that Proximity shares the desktop without the
mouse cursor. A capture cannot show a cursor: this is knowledge about a version, never an observation.

## Why it matters
The presenter points at things that nobody in the room sees, and looks for the reason in the network, where it is not.

## How it decides
Three statements are kept apart.

1. The version: the User-Agent or Server header of the codec, compared with what was reported. Known is one report, of
   CE8.0, from an engineer's blog; which release first sends the cursor is not known. So other CE releases are
   `unknown`, not `clear`. TC releases share no desktop at all and are not judged.
2. The session: TLS connections to port 443 of the codec, told by their bytes. Pictures of a desktop make the client
   send at least 100 kB, and five times as much as it gets. Whether that is Proximity only decrypted HTTP could prove.
3. The cursor: nothing in a capture tells, not even the sizes of the pictures. The finding says so.

The finding rests on the first statement alone: `likely`, as the header proves the version and one report the fault.

## When it is wrong
The report may not fit your build, client or platform. The cursor may be missing for other reasons, which look the same
here, and it may be there. A codec that names no release, or that is known only through a proxy that hides it, is not
seen.

## What to do next
1. Ask the presenter, or look at the room's screen: only that shows whether the cursor is missing.
2. Update the codec (Setup › Software Upgrade in its web interface, or TMS) and the Proximity client, and try again;
   look into the release notes of both for the mouse cursor.
3. Until then present by cable, which shows the cursor, or use a highlight of the application (a laser pointer of the
   presentation program is part of the picture).

## References
- Engineer's report (blog, about CE8.0): "current version doesn't show mouse cursor"; not confirmed by release notes
- Cisco Collaboration Endpoint Software, `xConfiguration Proximity Services ContentShare FromClients`
- RFC 3261 §20.35, §20.41 (Server, User-Agent)
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from collabtrace.schema import Connection, Evidence
from collabtrace.sessions.products import Release, release
from collabtrace.subjects import Recording, Sight, SipMessage
from collabtrace.verdicts import Confidence, Severity, Verdict, fault, proof, rule, unknown

HTTPS = 443
SHARE_BYTES = 100_000
"""Bytes that a client sends at least when it shares: a few pictures of a desktop, of 20 to 300 kB each."""
SHARE_RATIO = 5
"""How much more it sends than it gets."""


class Report(NamedTuple):
    """What somebody reported of a release."""

    software: str
    version: tuple[int, ...]
    """Beginning of the versions concerned."""
    first_fixed: tuple[int, ...] | None
    """None where that is not known."""
    source: str


REPORTS = (Report("CE", (8, 0), None, "one engineer's blog"),)
"""Releases of which a missing cursor was reported."""


@rule(Severity.INFO)
def proximity_cursor(recording: Recording, sight: Sight) -> Iterator[Verdict]:
    """Judge the codecs that one capture file names."""
    earlier = sight.earlier(recording.file)
    for agent, message in recording.agents.items():
        runs = release(agent)
        if runs is None or runs.software not in {each.software for each in REPORTS} or _named(agent, earlier, sight):
            continue
        told = next((each for each in REPORTS if _concerns(each, runs)), None)
        calls = recording.legs_of(message.record.call_id) if message.record.call_id else ()
        if told is None:
            said = f"{message.record.source} runs {runs}, of which nothing is reported"
            yield unknown(f"{said}; the release that first sends the cursor is not known", calls=calls)
        else:
            yield _reported(recording, message, runs, told, calls)


def _concerns(report: Report, runs: Release) -> bool:
    return report.software == runs.software and runs.version[: len(report.version)] == report.version


def _named(agent: str, files: frozenset[str], sight: Sight) -> bool:
    """Whether an earlier capture of the case names the same release."""
    if not files:
        return False
    messages = sight.case.messages
    seen = zip(messages.columns["file"], messages.columns["user_agent"], strict=True)
    return any(name == agent and file in files for file, name in seen)


def _reported(
    recording: Recording, message: SipMessage, runs: Release, report: Report, calls: Sequence[str]
) -> Verdict:
    codec = message.record.source
    affected = report.software + ".".join(map(str, report.version))
    said = (
        f"{codec} says that it runs {runs}. Of {affected} it is reported ({report.source}) that Proximity shares the "
        f"desktop without the mouse cursor; which release first sends it is not known. "
    )
    evidence = [proof(message, f"the codec names its release: {message.record.user_agent}")]
    sessions = recording.connections_to({codec}, HTTPS)
    shares = [each for each in sessions if _looks_like_a_share(each)]
    if shares:
        share = shares[0]
        sent, got = share.client_bytes // 1000, share.server_bytes // 1000
        said += f"{share.client} sent its port {HTTPS} {sent} kB and got {got} kB, as a desktop share would; only "
        said += "decrypted it would show whether it is one. "
        frame = share.syn_frame or share.first_frame
        evidence.append(Evidence(share.file, frame, f"{share.client} connects to port {HTTPS} of the codec"))
        if recording.record.secrets:
            said += "The file holds decryption secrets: Wireshark can show what was sent. "
    elif sessions:
        said += f"Sessions with its port {HTTPS} were captured, none of which looks like a desktop share. "
    else:
        said += f"No session with its port {HTTPS} was captured. "
    said += "A capture cannot show a cursor: this is knowledge of a version, not an observation."
    return fault(said, *evidence, confidence=Confidence.LIKELY, calls=calls)


def _looks_like_a_share(connection: Connection) -> bool:
    sent, got = connection.client_bytes, connection.server_bytes
    return connection.protocol == "tls" and sent >= SHARE_BYTES and sent >= SHARE_RATIO * got
