"""What phones ask CUCM to do with their calls."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols import remotecc
from collabtrace.protocols.remotecc import CONSULTATION, DIALOG, JOINED, Named, RemoteRequest

PRESSED = b"""<?xml version="1.0" encoding="UTF-8"?>
<x-cisco-remotecc-request>
 <softkeyeventmsg>
  <softkeyevent>Conference</softkeyevent>
  <dialogid>
   <callid>00506000-1@192.0.2.10</callid>
   <localtag>0050a</localtag>
   <remotetag>40882~3b1b</remotetag>
  </dialogid>
  <linenumber>0</linenumber>
  <consultdialogid>
   <callid> 00506000-2&amp;x@192.0.2.10 </callid>
   <localtag>0050b</localtag>
   <remotetag></remotetag>
  </consultdialogid>
  <joindialogid><callid></callid><localtag></localtag><remotetag></remotetag></joindialogid>
  <userdata></userdata>
 </softkeyeventmsg>
</x-cisco-remotecc-request>
"""


def test_a_softkey_and_the_calls_that_it_is_about() -> None:
    assert remotecc.parse(PRESSED) == RemoteRequest(
        "Conference",
        (
            Named("00506000-1@192.0.2.10", "0050a", "40882~3b1b", DIALOG),
            Named("00506000-2&x@192.0.2.10", "0050b", None, CONSULTATION),
        ),
    )


def test_several_calls_may_be_joined() -> None:
    calls = tuple(Named(str(number), role=JOINED) for number in range(3))
    assert remotecc.parse(bytes(RemoteRequest("Join", calls))).named == calls


def test_a_request_of_another_kind_has_no_softkey() -> None:
    document = b"<x-cisco-remotecc-request><hlogupdate><status>on</status></hlogupdate></x-cisco-remotecc-request>"
    assert remotecc.parse(document) == RemoteRequest(None)


def test_more_calls_than_a_phone_has_are_not_read() -> None:
    calls = tuple(Named(str(number)) for number in range(100))
    assert len(remotecc.parse(bytes(RemoteRequest("Join", calls))).named) == remotecc.MOST_DIALOGS


@pytest.mark.parametrize("data", [b"", b"<x-cisco-remotecc-response/>", PRESSED[:-30], b"v=0\r\n"])
def test_what_is_no_request(data: bytes) -> None:
    with pytest.raises(ParseError, match="x-cisco-remotecc-request"):
        remotecc.parse(data)


TEXT = st.text(
    st.characters(min_codepoint=33, max_codepoint=0xFFFD, exclude_categories=["Cs", "Cc", "Cn", "Z"]), min_size=1
)
ROLE = st.sampled_from([DIALOG, CONSULTATION, JOINED])


@given(
    st.builds(
        RemoteRequest,
        st.none() | TEXT,
        st.lists(st.builds(Named, TEXT, st.none() | TEXT, st.none() | TEXT, ROLE), max_size=4).map(tuple),
    )
)
def test_a_request_is_read_as_it_was_written(request: RemoteRequest) -> None:
    assert remotecc.parse(bytes(request)) == request


@given(st.binary(max_size=60) | st.builds(bytes.__add__, st.just(PRESSED[:120]), st.binary()))
def test_any_bytes_are_a_request_or_a_parse_error(data: bytes) -> None:
    with contextlib.suppress(ParseError):
        remotecc.parse(data)
