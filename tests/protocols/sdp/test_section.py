from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols.sdp.codecs import Codec
from collabtrace.protocols.sdp.origin import Connection
from collabtrace.protocols.sdp.section import LONGEST_FORMATS, MOST_FORMATS, Section


def test_attributes_keep_their_order_and_spelling() -> None:
    section = Section("a=T38MaxBitRate:14400\na=sendrecv\na=label: 11 \na=label:12\n")
    assert section.attributes == (("T38MaxBitRate", "14400"), ("sendrecv", None), ("label", "11"), ("label", "12"))
    assert section.first == {"t38maxbitrate": "14400", "sendrecv": None, "label": "11"}
    assert section.values("label") == ["11", "12"]


def test_the_other_lines() -> None:
    section = Section("i=slides\nc=IN IP4 192.0.2.1\nb=AS:384\nb=TIAS:384000\nk=clear:x\n")
    assert section.title == "slides"
    assert section.connection == Connection("192.0.2.1")
    assert section.bandwidth == {"AS": 384, "TIAS": 384000}
    assert section.others == [("k", "clear:x")]
    assert section.flaws == ()


def test_codecs() -> None:
    section = Section("a=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\na=fmtp:18 annexb=no\n")
    assert section.codecs(("0", "18", "101", "99")) == (
        Codec("0", "PCMU", 8000, static=True),
        Codec("18", "G729", 8000, format_parameters="annexb=no", static=True),
        Codec("101", "telephone-event", 8000, format_parameters="0-15"),
        Codec("99", None, None),
    )


def test_an_rtpmap_goes_before_the_static_table() -> None:
    assert Section("a=rtpmap:0 G7221/16000\n").codecs(("0",)) == (Codec("0", "G7221", 16000),)


def test_parameters_spread_over_lines() -> None:
    section = Section("a=rtpmap:97 H264/90000\na=fmtp:97 profile-level-id=42e01f\na=fmtp:97 max-mbps=108000\n")
    assert section.codecs(("97",))[0].format_parameters == "profile-level-id=42e01f;max-mbps=108000"


def test_the_codecs_kept_are_bounded() -> None:
    section = Section("")
    for number in range(10 * MOST_FORMATS):
        assert section.codecs((str(number), "0"))[1].name == "PCMU"
    assert len(section._codecs) <= MOST_FORMATS


def test_a_long_list_of_formats_is_not_kept() -> None:
    section = Section("")
    formats = tuple(map(str, range(LONGEST_FORMATS + 1)))
    assert [codec.payload_type for codec in section.codecs(formats)] == list(formats)
    assert not section._codecs


def test_floor_control_roles() -> None:
    assert Section("a=floorctrl:c-only s-only\n").floorctrl == ("c-only", "s-only")
    assert Section("a=floorctrl:c-s\n").floorctrl == ("c-s",)
    assert Section("").floorctrl == ()


def test_flaws() -> None:
    section = Section("nonsense\nc=192.0.2.1\nb=AS:many\na=rtpmap:PCMU\na=floorid:x\na=crypto:1 S inline:k\n")
    assert section.flaws == (
        "'nonsense' is not a line of SDP",
        "c=192.0.2.1 is not network type, address type and address",
        "b=AS:many is not a bandwidth",
        "floorid 'x' is not a floor and its streams",
        "rtpmap 'PCMU' is not payload type, name and clock rate",
    )


def test_what_can_be_read_is_kept_beside_what_cannot() -> None:
    section = Section("a=floorid:x\na=floorid:2 mstrm:12\n")
    assert [floor.floor_id for floor in section.floors] == [2]


@given(st.text(alphabet="abcim=:0 1/\n\t-") | st.text())
def test_any_text_is_a_section(text: str) -> None:
    section = Section(text)
    assert section.flaws is not None
    assert section.codecs(("0",))[0].payload_type == "0"
