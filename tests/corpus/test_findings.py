"""What the rules say of real captures: nothing above info that was not read, and found to be so, by a person."""

from typing import Any

from collabtrace.findings import diagnose
from collabtrace.sessions.case import read_case
from collabtrace.severity import Severity

EXPLAINED: dict[str, dict[str, str]] = {
    "sip_488_codec_reject.pcapng": {
        "codec-mismatch": "The INVITE has port 0 in every m-line, and is refused with 488.",
    },
    "sip_b2bua_asterisk_two_phones.pcapng": {
        "nat-one-way-media": "One phone sent one RTP packet in 7.6 s, while 355 came to it: whatever the reason, "
        "nobody heard that side. The rule calls it possible.",
    },
    "sip_extension_down_ata.pcap": {
        "rtp-dscp-wrong": "One side marks its sound EF, the other not at all, in every call.",
    },
    "sip_over_sctp_linux_cooked.pcap": {
        "rtp-dscp-wrong": "SIP is marked AF41, the class of video; no policy that we know of wants that.",
    },
    "sip_private_flow2_speex.pcapng": {
        "rtp-dscp-wrong": "One side marks its sound EF, the other not at all.",
    },
    "sip_refer_transfer_dtmf.pcap": {
        "rtp-dscp-wrong": "One side marks its sound EF, the other not at all.",
    },
    "sip_t38_fax_megaco_full.pcap": {
        "rtp-dscp-wrong": "SIP is marked EF, and so shares the queue that is meant for sound alone.",
    },
}
"""Why a finding above info is right, by capture and rule."""


def test_every_finding_above_info_is_explained(truth: Any) -> None:
    with read_case([truth.path]) as case:
        diagnosis = diagnose(case)
    told = {found.rule for found in diagnosis.findings if found.severity != Severity.INFO}
    assert told == set(EXPLAINED.get(truth.name, ()))


def test_no_rule_fails(truth: Any) -> None:
    with read_case([truth.path]) as case:
        reasons = [told.because for told in diagnose(case).judgements]
    assert [reason for reason in reasons if "the rule itself failed" in reason] == []
