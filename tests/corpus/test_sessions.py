"""Transactions, legs, media lines and calls of real captures: what holds for all, and what is known of some."""

from typing import Any

from collabtrace.sessions.case import Case, read_case

KNOWN: dict[str, tuple[list[str], str | None]] = {
    "cisco_ce9_sip_tcp_audio_video.pcap": (["ongoing"], None),
    "sip_488_codec_reject.pcapng": (["failed 488"], None),
    "sip_aaa_2005_cancel_408_mixed.pcap": (["cancelled", "failed 403", "failed 403", "unavailable"], None),
    "sip_b2bua_asterisk_two_phones.pcapng": (["answered"], "users and times"),
    "sip_call_prack_rtp.pcap": (["answered"], None),
    "sip_call_with_proxy.pcap": (["answered"], None),
    "sip_extension_down_ata.pcap": (["cancelled", "answered"], None),
    "sip_minisipserver_eyebeam_stun.pcap": (["answered"], "same media"),
    "sip_refer_transfer_dtmf.pcap": (["answered"], "REFER"),
    "sip_register_invite_reinvite_opus.pcap": (["answered"], None),
    "sip_stun_nat_voip1b.pcapng": (["answered"], "users and times"),
    "sip_t38_fax_megaco_full.pcap": (["answered", "answered"], "same tags"),
}
"""What became of each call, and what joined the legs of the first, as a person reads the capture."""


def test_tables_agree_with_each_other_and_with_what_is_known(truth: Any) -> None:
    invited = {each["call_id"] for each in truth.sip if each["method"] == "INVITE" and not each["quoted_in"]}
    with read_case([truth.path]) as case:
        check_transactions(case)
        check_legs(case, invited)
        check_calls(case)
        check_media(case)
        if truth.name in KNOWN:
            assert (case.calls.values("result"), case.calls.values("joined_by")[0]) == KNOWN[truth.name]


def check_transactions(case: Case) -> None:
    """A response has the Call-ID, CSeq and branch of its request, and goes the other way."""
    messages = case.messages
    for each in case.transactions:
        if each.request_row is not None and each.answer_row is not None:
            request, answer = messages[each.request_row], messages[each.answer_row]
            assert (request.call_id, request.cseq, request.branch) == (answer.call_id, answer.cseq, answer.branch)
            assert (request.cseq_method, request.source) == (answer.cseq_method, answer.target)
            assert request.time_epoch <= answer.time_epoch


def check_legs(case: Case, invited: set[str]) -> None:
    """Every INVITE is in a leg, every INVITE leg in one call, and every message in legs of its own Call-ID."""
    legs, call_ids = case.dialogs, case.messages.values("call_id")
    assert invited <= {each.call_id for each in legs if each.method == "INVITE"}
    assert sorted(row for rows in case.calls.values("dialog_rows") for row in rows) == [
        row for row, each in enumerate(legs) if each.call is not None
    ]
    for each in legs:
        assert each.call is not None or each.method != "INVITE"
        assert {call_ids[row] for row in each.message_rows} == {each.call_id}
        assert (each.state in ("failed", "terminated")) == (each.ended is not None)


def check_calls(case: Case) -> None:
    """When and why a call ended is what is said of one of its legs."""
    legs = case.dialogs
    for call in case.calls:
        ends = {(legs[row].ended, legs[row].end_reason) for row in call.dialog_rows}
        assert (call.ended, call.end_reason) in ends | {(None, None)}
        assert (call.ended is None) == (call.end_reason is None)
        assert call.answered is None or call.ended is None or call.started <= call.answered <= call.ended


def check_media(case: Case) -> None:
    """An agreed line has both sides, and every path and stream belongs to the call of its line."""
    media, legs = case.media, case.dialogs.values("call")
    for line in media:
        if line.state == "agreed":
            assert line.offer_port
            assert line.answer_port
            assert line.offer_frame is not None
            assert line.answer_frame is not None
    for path in case.paths:
        assert path.media_row is not None
        assert legs[media[path.media_row].dialog_row] == path.call
