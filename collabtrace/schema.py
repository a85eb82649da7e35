"""Every table of the package, declared once.

field = column, annotation = type, the string under it = meaning (the table reference is made from it).
Times are seconds since the epoch (UTC), addresses text as Wireshark prints them, ``frame`` is
Wireshark's frame number in its ``file``. Missing is None, never an empty string or -1.
A column named ``x_row`` is the row number of the record meant in the table named in its text.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture file."""

    file: str
    """Its name as given, without folders."""
    sha256: str
    """Of the bytes on disk."""
    bytes: int
    """Size on disk."""
    format: str
    """``pcap``, ``pcapng`` or the name of a format that editcap converted."""
    compressed: bool
    """Whether the file was gzip-compressed."""
    packets: int
    """Packets in the file."""
    first: float | None
    """Time of the earliest packet."""
    last: float | None
    """Time of the latest packet."""
    truncated: bool
    """Whether the file ends in the middle of a record."""
    flaws: tuple[str, ...]
    """What is wrong with the file, in plain words, with the place."""
    snapped: int
    """Packets of which the capture kept only the beginning."""
    dropped: int | None
    """Packets that the capturing interfaces say they dropped; None where they do not say."""
    duplicates: int
    """Packets that are a second copy of an earlier one (mirrored twice, or sent on by a router or an access point)."""
    duplicate_frames: tuple[int, ...]
    """The first few of them."""
    fragmented: int
    """IP packets that came in fragments, all of them (the first 10,000 that lack some are in ``partials``)."""
    secrets: int
    """Blocks of embedded decryption secrets."""
    comments: tuple[str, ...]
    """Comments of the file and its packets, the latter with their frame."""


@dataclass(frozen=True, slots=True)
class Interface:
    """One capturing interface of a pcapng section (pcap has exactly one)."""

    file: str
    interface: int
    """Number in the file, from 0, counted through all sections."""
    name: str | None
    link_type: int
    """The LINKTYPE_ value of its packets."""
    snaplen: int
    """Bytes kept of each packet; 0 is no limit."""
    units_per_second: int
    """Resolution of its time stamps."""
    filter: str | None
    """The capture filter that was set."""
    received: int | None
    dropped: int | None
    """Packets dropped by the interface (ifdrop), the operating system (osdrop) or both."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One direction of one transport conversation: all packets with the same five-tuple."""

    file: str
    source: str
    source_port: int
    target: str
    target_port: int
    transport: str
    """``udp tcp sctp``"""
    packets: int
    bytes: int
    """Payload bytes on the wire."""
    first_frame: int
    last_frame: int
    first: float
    last: float
    protocol: str | None
    """What most of its payloads are: ``sip rtp rtcp stun bfcp dtls tls websocket http`` …"""
    ttl: int
    """The IPv4 TTL or IPv6 hop limit seen first."""
    dscp: int
    """The DSCP that most of its packets had (RFC 2474)."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """One ICMP or ICMPv6 error about a packet that was sent."""

    file: str
    frame: int
    time_epoch: float
    source: str
    """The device that reports."""
    target: str
    type: int
    code: int
    quoted_source: str
    quoted_source_port: int | None
    quoted_target: str
    quoted_target_port: int | None
    quoted_transport: str | None


@dataclass(frozen=True, slots=True)
class Connection:
    """One TCP connection (RFC 9293); a new SYN on the same ports begins another one."""

    file: str
    client: str
    """Who opened it."""
    client_port: int
    server: str
    server_port: int
    told_by: str
    """What tells who is the client: ``syn``, ``syn-ack``, or ``ports``, which is a guess."""
    state: str
    """``established``; ``half-open`` where nothing shows that the client took the SYN-ACK; ``refused``; ``unanswered``;
    ``mid`` where the capture began after its opening."""
    protocol: str | None
    """What it carries: ``sip tls http websocket rtsp bfcp`` …"""
    syn_frame: int | None
    """The client's first SYN."""
    syns: int
    """How many the client sent."""
    last_syn: float | None
    """Time of the last of them."""
    synack_frame: int | None
    answered: float | None
    """Time of the SYN-ACK."""
    refused_frame: int | None
    """The RST that answers the SYN."""
    unreachable_frame: int | None
    """The first ICMP error that says a packet of it did not arrive (``unreachables``)."""
    client_fin_frame: int | None
    server_fin_frame: int | None
    reset_frame: int | None
    """The first RST that refuses no SYN."""
    reset_by: str | None
    """``client`` or ``server``"""
    closed_by: str | None
    """Who ended it first, by FIN or RST: ``client`` or ``server``."""
    ended: float | None
    """Time of that."""
    first_frame: int
    last_frame: int
    first: float
    last: float
    client_packets: int
    """Sent by the client; second copies of packets not counted, here and below."""
    server_packets: int
    client_bytes: int
    """Payload, with what was sent again."""
    server_bytes: int
    client_repeated: int
    """Segments that the client surely sent again; SYN and FIN not counted."""
    server_repeated: int


@dataclass(frozen=True, slots=True)
class Handshake:
    """One handshake of TLS or DTLS, as far as it is not encrypted (RFC 8446, RFC 5246, RFC 6347)."""

    file: str
    transport: str
    """``tcp``, or ``udp`` for DTLS."""
    client: str
    client_port: int
    server: str
    server_port: int
    started: float
    """Time of its first record."""
    last: float
    """Time of the last record that was read; of what follows the handshake only the first few are."""
    hello_frame: int | None
    """The ClientHello, the first one where the server asks for another."""
    server_name: str | None
    """The host that the client wants to reach (SNI)."""
    offered_version: str | None
    """The newest that the client offers: ``TLS 1.3`` …"""
    offered_protocols: tuple[str, ...]
    """The client's ALPN."""
    server_hello_frame: int | None
    version: str | None
    """What the server chose."""
    cipher: str | None
    application_protocol: str | None
    """The server's ALPN; TLS 1.3 encrypts it."""
    certificate_frame: int | None
    """The server's certificate; TLS 1.3 encrypts it, here and below."""
    certificate_names: tuple[str, ...] | None
    """Its common name, and the host names of its subject alternative name."""
    certificate_ends: float | None
    """Until when it is valid."""
    issuer: str | None
    """The common name of who issued it; a server that names itself issued it to itself."""
    request_frame: int | None
    """The server asks for a certificate of the client."""
    client_certificate_frame: int | None
    client_certificate_names: tuple[str, ...] | None
    """Empty where the client has none to show."""
    alert_frame: int | None
    """The first fatal alert that is not encrypted, else the first warning."""
    alerted: float | None
    """Time of it."""
    alert_by: str | None
    """``client`` or ``server``"""
    alert_level: str | None
    """``warning fatal``"""
    alert: str | None
    """``unknown_ca``, ``handshake_failure`` …"""
    client_finished_frame: int | None
    """The client's first encrypted record: its Finished, in TLS 1.3 with its certificate where it sends one."""
    client_finished: float | None
    """Time of it."""
    server_finished_frame: int | None
    """The server's first encrypted record."""
    completed_frame: int | None
    """The frame that shows that both sides are through: the second Finished; in TLS 1.3 whatever else than an alert the
    server sends after the client's."""
    hidden_alert_frame: int | None
    """The first encrypted record that is an alert, by its type or, in TLS 1.3, by its size."""
    hidden_alerted: float | None
    """Time of it."""
    hidden_alert_by: str | None
    """``client`` or ``server``"""
    client_data_frame: int | None
    """The client's first application data."""
    server_data_frame: int | None
    """The server's; in TLS 1.3 what it sends after the client's."""
    lossy: bool
    """Whether the capture lacks bytes of it, or some could not be read."""
    connection_row: int | None
    """In ``connections``; None for DTLS."""


@dataclass(frozen=True, slots=True)
class Partial:
    """One IP packet of which fragments never came (RFC 791 §3.2, RFC 8200 §4.5)."""

    file: str
    frame: int
    """Of the fragment that came first."""
    frames: tuple[int, ...]
    """Of its fragments as they came, no more than 64."""
    time_epoch: float
    last: float
    """Time of the fragment that came last."""
    source: str
    source_port: int | None
    """None where the first fragment is missing, here and below."""
    target: str
    target_port: int | None
    transport: str
    """``udp tcp sctp``, else the IP protocol number."""
    ttl: int
    """The IPv4 TTL or IPv6 hop limit of the fragment that came first."""
    fragments: int
    """How many came."""
    bytes: int
    """What came of what the packet carries."""
    total: int | None
    """Bytes of all that it carries, where the last fragment or the UDP header tells."""
    missing: tuple[str, ...]
    """``first middle last``"""
    cut: bool
    """Whether the capture kept only the beginning of one of the fragments."""
    filtered: bool
    """Whether a capture filter of the file names ports: only the first fragment carries them, so such a filter passes
    no other."""
    method: str | None
    """Of the SIP request that it begins."""
    status: int | None
    """Of the SIP response that it begins."""
    call_id: str | None
    cseq: int | None
    cseq_method: str | None
    request_uri: str | None
    branch: str | None
    """Of the topmost Via."""


@dataclass(frozen=True, slots=True)
class Message:
    """One SIP message (RFC 3261)."""

    file: str
    frame: int
    """Where Wireshark shows the whole message."""
    time_epoch: float
    source: str
    source_port: int
    target: str
    target_port: int
    transport: str
    """``udp tcp tls sctp ws``"""
    method: str | None
    """None for a response."""
    status: int | None
    """None for a request."""
    reason: str | None
    """The reason phrase of a response."""
    call_id: str | None
    cseq: int | None
    cseq_method: str | None
    request_uri: str | None
    from_uri: str | None
    from_tag: str | None
    to_uri: str | None
    to_tag: str | None
    branch: str | None
    """Of the topmost Via."""
    sent_by: str | None
    """Host and port of the topmost Via."""
    contact: str | None
    """URI of the first Contact."""
    focus: bool
    """Whether a Contact says that its sender is the focus of a conference (``isfocus``, RFC 4579 §4.2)."""
    user_agent: str | None
    """User-Agent, or Server where there is none."""
    content_type: str | None
    """Media type of the body without parameters, in lower case."""
    session_id: str | None
    """The Session-ID header (RFC 7989)."""
    cause: str | None
    """The Reason header (RFC 3326)."""
    rseq: str | None
    """The RSeq of a reliable provisional response, or the RAck of the PRACK that acknowledges it (RFC 3262)."""
    subscription_state: str | None
    """The Subscription-State header of a NOTIFY (RFC 6665 §4.1.3)."""
    correlation: tuple[str, ...] | None
    """What an INVITE that opens a dialog, or a response to it, says of the call it belongs to, as ``Cisco-Guid: …``,
    ``Replaces: …`` (``sessions.correlation.marks``)."""
    warning: str | None
    """The Warning header (RFC 3261 §20.43)."""
    statistics: tuple[str, ...] | None
    """What a BYE, or the response to one, says of the RTP that its sender counted, as ``P-RTP-Stat: PS=…``
    (``protocols.rtp_statistics``)."""
    vias: int
    """Via values: hops of the request so far."""
    size: int
    """Bytes of the whole message in the capture."""
    flaws: tuple[str, ...] | None
    """What is wrong with the message as text (a bad Content-Length, a cut body)."""
    duplicate_of: int | None
    """Frame of the message that this packet is a second copy of."""
    retransmission_of: int | None
    """Frame of the message that the sender sent again here (RFC 3261 §17)."""
    text_at: int
    """Where the message's bytes begin in the case's store of texts."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One difference in the text of a SIP message between two places that saw it, though no Via was added between.

    What a NAT may change, the addresses and ports of IP, UDP and TCP, is no part of the text.
    """

    call_id: str | None
    file_a: str
    """Nearer to the sender, as far as it can be told."""
    frame_a: int
    file_b: str
    """The same file where the capture shows both sides of a NAT."""
    frame_b: int
    field: str
    """``Request-URI``, a header, ``c=``, ``m=audio``, ``a=rtcp`` …, ``order of the body``, ``body``, or ``layout``
    where white space or the order of headers is all."""
    before: str | None
    """In ``file_a``; None where it was added, and where only the order changed."""
    after: str | None
    """In ``file_b``; None where it was removed."""
    row_a: int
    """In ``messages``."""
    row_b: int
    """In ``messages``."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One SIP transaction at one hop (RFC 3261 §17)."""

    file: str
    call_id: str
    cseq: int
    method: str
    branch: str | None
    source: str
    """Where the request came from."""
    source_port: int
    target: str
    target_port: int
    transport: str
    request_uri: str | None
    request_frame: int | None
    """None where the capture shows only responses."""
    started: float
    first_provisional: float | None
    """Time of the first 1xx."""
    status: int | None
    """Of the final response; None while there is none."""
    reason: str | None
    answer_frame: int | None
    """Frame of the first final response."""
    answered: float | None
    ack_frame: int | None
    """Frame of the ACK (INVITE only)."""
    requests_repeated: int
    """Retransmissions of the request."""
    answers_repeated: int
    """Retransmissions of the final response."""
    request_row: int | None
    """In ``messages``."""
    answer_row: int | None
    """In ``messages``."""


@dataclass(frozen=True, slots=True)
class Dialog:
    """One leg: a dialog, or the attempt at one (RFC 3261 §12); several forked answers are one row each."""

    file: str
    call_id: str
    method: str
    """What opened it: ``INVITE SUBSCRIBE REFER``"""
    from_uri: str | None
    to_uri: str | None
    from_tag: str | None
    to_tag: str | None
    """None while no response carried one."""
    caller: str
    """Address of the machine that sent the first request; the proxy's where the capture only shows hops behind one."""
    callee: str
    """Address of the machine that it was sent to."""
    caller_agent: str | None
    """User-Agent of the caller; None for a proxy, which passes on what others wrote."""
    callee_agent: str | None
    state: str
    """``trying early confirmed terminated failed``"""
    started: float
    answered: float | None
    """Time of the first 2xx to the opening request."""
    ended: float | None
    end_reason: str | None
    """``BYE from …``, ``486 Busy Here``, ``cancelled`` …; ``BYE from the caller's side (via …)`` behind a proxy."""
    ended_by: str | None
    """Address of the machine that ended it, or of the proxy that it is behind."""
    frames: tuple[int, ...]
    """Frames of all its messages."""
    call: int | None
    """Number of the call it is a leg of (``calls``)."""
    message_rows: tuple[int, ...]
    """In ``messages``."""


@dataclass(frozen=True, slots=True)
class MediaLine:
    """One m-line in one offer/answer round of one dialog (RFC 3264)."""

    file: str
    call_id: str
    round: int
    """Offer/answer rounds of the dialog, from 1."""
    index: int
    """Position of the m-line, from 0."""
    offer_frame: int | None
    answer_frame: int | None
    """None while unanswered, or where the capture does not show it."""
    offer_time: float | None
    answer_time: float | None
    state: str
    """``agreed rejected offered answer-only``; ``early`` while only a provisional response answered."""
    kind: str
    """``audio video application message image text``"""
    content: str | None
    """``main slides speaker sl alt`` (RFC 4796)"""
    label: str | None
    """RFC 4574."""
    protocol: str
    """``RTP/AVP``, ``RTP/SAVP``, ``UDP/BFCP`` … as the answer says it, else as the offer."""
    offer_protocol: str | None
    """As the offer says it: an answer must say the same (RFC 3264 §6)."""
    offer_address: str | None
    """Media-level c= before session-level c=."""
    offer_port: int | None
    answer_address: str | None
    answer_port: int | None
    offer_rtcp_port: int | None
    """a=rtcp (RFC 3605), else the next port; the same where rtcp-mux was agreed (RFC 5761)."""
    answer_rtcp_port: int | None
    direction: str
    """As the offerer sees the outcome: ``sendrecv sendonly recvonly inactive``; of a rejected line ``inactive``."""
    codecs: str | None
    """What the answer chose: ``PCMU/8000, telephone-event/8000``; the offer's list while unanswered."""
    payload_types: tuple[str, ...]
    """``101=telephone-event/8000`` for both sides, each once."""
    offer_payload_types: tuple[str, ...] | None
    """Those that the offer names: the numbers that the offerer wants to receive (RFC 3264 §5.1)."""
    answer_payload_types: tuple[str, ...] | None
    """Those that the answer names, for what goes to the answerer (RFC 3264 §6.1); None while unanswered."""
    security: str | None
    """``sdes dtls`` or None for none."""
    ice: bool
    """Whether both sides gave ICE credentials or candidates (the offer alone while unanswered)."""
    floorctrl: str | None
    """``c-only/s-only``: offer and answer (RFC 8856)."""
    floor_roles: str | None
    """``server/client``: what these make of offerer and answerer; ``both`` is a side whose role they leave open."""
    setup: str | None
    """``actpass/active``: offer and answer (RFC 4145)."""
    floors: str | None
    """``2=12``: floor and the label of its stream (floorid, mstrm), the answer's before the offer's."""
    flaws: tuple[str, ...] | None
    offer_row: int | None
    """In ``messages``."""
    answer_row: int | None
    """In ``messages``."""
    dialog_row: int
    """In ``dialogs``."""


@dataclass(frozen=True, slots=True)
class ConferenceRecord:
    """One ad hoc conference: calls whose media a server moved to a mixer while they went on (RFC 4579)."""

    conference: int
    """Number, from 1."""
    shown_by: str
    """``softkey``, ``participant list`` or ``media``."""
    file: str
    frame: int
    """Of the REFER that asks for it, else of the message that shows it first."""
    time_epoch: float
    source: str
    """Who asked; the focus where the capture does not show it."""
    focus: str
    """The server that holds it together."""
    softkey: str | None
    """``Conference``, ``Join``, ``MeetMe``, as the phone writes it."""
    status: int | None
    """Of the response to the REFER."""
    answer_frame: int | None
    """Of that response."""
    named: tuple[str, ...]
    """The Call-IDs that the REFER names."""
    mixer: str | None
    """Address to which the media was moved; None where no move was seen."""
    participants: tuple[int, ...]
    """In ``dialogs``: the legs to those who take part; a leg in two captures is there twice."""
    focus_tags: tuple[str | None, ...]
    """The tag of the focus on each of these legs."""
    move_rows: tuple[int | None, ...]
    """In ``media``: the line by which the media of each was moved; None where it was not seen."""
    bridges: tuple[int, ...]
    """In ``dialogs``: the legs by which the focus reaches the bridge that mixes."""
    message_row: int
    """In ``messages``."""
    answer_row: int | None
    """In ``messages``."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One RTP stream: one SSRC from one port to one port in one call (RFC 3550)."""

    file: str
    source: str
    source_port: int
    target: str
    target_port: int
    ssrc: str
    """``0x1234abcd``"""
    payload_types: tuple[int, ...]
    """In the order in which they appeared."""
    codec: str | None
    """Of the first payload type that carries media, by the SDP or RFC 3551."""
    clock_rate: int | None
    """Hz; None where nothing tells it, and jitter is then missing."""
    clock_source: str | None
    """``sdp`` or ``static`` (RFC 3551)."""
    packets: int
    """Second copies of packets not counted."""
    bytes: int
    """RTP payload bytes."""
    expected: int
    """Highest minus lowest extended sequence number, plus one."""
    lost: int
    """Expected minus packets received (RFC 3550 §A.3), duplicates not counted; negative is impossible."""
    repeated: int
    """Packets whose sequence number was seen before."""
    reordered: int
    """Packets that came after one with a higher sequence number."""
    max_delta_ms: float
    """Longest time between two packets that followed each other; as in Wireshark not before a packet with the marker
    bit and not around comfort noise, where silence is no fault."""
    mean_delta_ms: float
    """Over the same packets."""
    max_jitter_ms: float | None
    """RFC 3550 §6.4.1, in milliseconds, after the same packets; telephone-events are no part of it."""
    mean_jitter_ms: float | None
    """Over the same packets."""
    gaps: int
    """Runs of sequence numbers that never came."""
    longest_gap: int
    """Packets in the longest such run."""
    longest_gap_frame: int | None
    """First frame after it."""
    marked: int
    """Packets with the marker bit."""
    dscp: int
    """The DSCP that most of its packets had (RFC 2474)."""
    ttl: int
    """Of its first packet."""
    first_frame: int
    last_frame: int
    first: float
    last: float
    kind: str | None
    """``audio video``, by the m-line."""
    content: str | None
    """By the m-line."""
    call_id: str | None
    """None where no SDP names its ends."""
    media_row: int | None
    """In ``media``: the m-line that negotiated it."""
    follows: str | None
    """The SSRC that the same sender used on the same ports before."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report of RTCP: a sender report, a block of a receiver report, a BYE, an XR block (RFC 3550, RFC 3611)."""

    file: str
    frame: int
    time_epoch: float
    source: str
    source_port: int
    target: str
    target_port: int
    kind: str
    """``sr rr sdes bye xr``: ``rr`` is a report block, also one that came in a sender report."""
    ssrc: str
    """Of the sender of the report."""
    about: str | None
    """SSRC that the block is about."""
    fraction_lost: float | None
    """0 to 1, since the last report."""
    lost: int | None
    """Cumulative."""
    jitter: int | None
    """In units of the stream's clock."""
    packets_sent: int | None
    """SR: sender's packet count."""
    round_trip_ms: float | None
    """From the capture point to the reporter and back, by LSR and DLSR where the capture holds the SR meant; of an XR
    what it says."""
    text: str | None
    """CNAME of a SDES, reason of a BYE, scores of an XR (``R 93, MOS-LQ 4.2``)."""
    call_id: str | None


@dataclass(frozen=True, slots=True)
class Floor:
    """One BFCP message (RFC 8855, RFC 4582)."""

    file: str
    frame: int
    time_epoch: float
    source: str
    source_port: int
    target: str
    target_port: int
    transport: str
    version: int
    primitive: int
    name: str
    """``Hello``, ``FloorRequest`` …"""
    response: bool
    """The R bit, or for version 1 what the primitive says."""
    conference: int
    transaction: int
    user: int
    floors: tuple[int, ...]
    floor_request: int | None
    status: str | None
    """REQUEST-STATUS: ``Granted`` …"""
    error: str | None
    """ERROR-CODE by name."""
    flaws: tuple[str, ...] | None
    call_id: str | None
    media_row: int | None
    """In ``media``: the m-line that negotiated it."""


@dataclass(frozen=True, slots=True)
class FloorTransaction:
    """One request of floor control with all its transmissions, and what was answered (RFC 8855 §8)."""

    file: str
    source: str
    """Who asks."""
    source_port: int
    target: str
    target_port: int
    transport: str
    version: int
    name: str
    """Of the request: ``Hello``, ``FloorRequest`` …"""
    conference: int
    transaction: int
    user: int
    started: float
    """Time of the first transmission."""
    last_sent: float
    """Time of the last."""
    answered: float | None
    """Time of the first response; None where the capture shows none."""
    answer: str | None
    """Of the first response: ``HelloAck``, ``Error`` …"""
    floor_request: int | None
    status: str | None
    """REQUEST-STATUS of the response: ``Granted`` …"""
    error: str | None
    """ERROR-CODE by name."""
    request_rows: tuple[int, ...]
    """In ``floors``: its transmissions."""
    answer_rows: tuple[int, ...]
    """In ``floors``: the responses."""
    call_id: str | None
    media_row: int | None
    """In ``media``: the m-line that negotiated it."""


@dataclass(frozen=True, slots=True)
class Digit:
    """One key pressed, as one method tells it on one hop (RFC 4733, RFC 4730, SIP INFO, Cisco's unsolicited NOTIFY)."""

    file: str
    frame: int
    """Of the first packet of the event, or of the message."""
    last_frame: int
    """Of the last packet, or of the last message about the same press."""
    time_epoch: float
    source: str
    source_port: int
    target: str
    target_port: int
    method: str
    """``rtp-event kpml info notify``"""
    digit: str | None
    """``0`` to ``9``, ``*``, ``#``, ``A`` to ``D``, or ``flash``; None where it is encrypted or cannot be read.
    Masked in whatever is shown or written, unless asked for."""
    duration_ms: float | None
    """As the sender says it; None where it does not, or nothing tells its clock."""
    ended: bool
    """Whether the capture shows the release of the key; of an encrypted event it never does."""
    packets: int
    """Packets or messages about it, second copies and retransmissions not counted."""
    payload_type: int | None
    """Of the RTP packets."""
    receiver_types: tuple[int, ...] | None
    """Payload types that the receiver's SDP named telephone-event by then; None where the capture does not show it."""
    sender_types: tuple[int, ...] | None
    """The same of the sender's own SDP, which does not bind it (RFC 3264 §5.1)."""
    ssrc: str | None
    """Of the RTP packets: ``0x1234abcd``."""
    timestamp: int | None
    """RTP timestamp of the event; with the SSRC it tells the same press at another capture point."""
    flaws: tuple[str, ...] | None
    """What is wrong with how it was sent, in plain words."""
    call_id: str | None
    """Of the call; for a KPML subscription of its own the call that it names."""
    media_row: int | None
    """In ``media``: the m-line of the RTP packets."""
    message_row: int | None
    """In ``messages``: the first message about it."""


@dataclass(frozen=True, slots=True)
class Path:
    """One direction of one media line of a call: what was agreed, and what was seen of it."""

    call: int
    call_id: str
    kind: str
    content: str | None
    protocol: str
    sender: str | None
    """Address of the machine that should send (its SDP, or its packets)."""
    sender_port: int | None
    receiver: str | None
    receiver_port: int | None
    agreed: bool
    """Whether the last answered round lets media flow this way."""
    packets: int
    """Seen in the capture."""
    lost: int | None
    first_frame: int | None
    """Of the packets seen, else of the offer."""
    stream_rows: tuple[int, ...]
    """In ``streams``."""
    media_row: int
    """In ``media``."""


@dataclass(frozen=True, slots=True)
class Host:
    """One machine: an address that sent or received SIP, media or floor control."""

    file: str
    address: str
    name: str | None
    """What its User-Agent or Server header says, without trailing detail."""
    kind: str | None
    """The product it is, as far as its headers tell: ``CUCM``, ``Expressway``, ``CE endpoint`` …"""
    ttl: int | None
    """Most frequent TTL or hop limit of its packets; None where it sent none."""
    hops: int | None
    """Routers between it and the capture point, from the TTL; None where it cannot be told."""
    first_frame: int


@dataclass(frozen=True, slots=True)
class Vantage:
    """What one capture could show of one machine; asked before anything is concluded from an absence."""

    file: str
    address: str
    hops: int | None
    """Routers between the machine and the capture point: 0 is the machine's own link or the machine itself; None where
    it sent nothing, or its TTL does not tell."""
    sent: int
    """Packets from it that the capture holds."""
    received: int
    """Packets to it that the capture holds."""
    began: float | None
    """Time of the capture's first packet."""
    ended: float | None
    """Time of the capture's last packet."""
    truncated: bool
    """Whether the file ends in the middle of a record."""
    dropped: int | None
    """Packets that the capturing interfaces say they dropped; None where they do not say."""
    snapped: int
    """Packets of the capture of which only the beginning was kept."""
    sealed: tuple[int, ...]
    """Ports of its TLS and DTLS flows (the lower of each two), whose content the capture cannot show."""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call: all its legs together."""

    call: int
    """Number, from 1, in the order in which the calls began."""
    call_ids: tuple[str, ...]
    """One for each leg, in the order in which they began."""
    caller: str | None
    """URI of the first leg's From."""
    callee: str | None
    """URI of the first leg's To."""
    started: float
    answered: float | None
    ended: float | None
    result: str
    """``answered``, ``ongoing``, ``busy``, ``cancelled``, ``failed 488``, ``no answer``, ``no response`` …"""
    end_reason: str | None
    """Of the leg that ended the call, at the time of ``ended``."""
    files: tuple[str, ...]
    media: str | None
    """Kinds agreed: ``audio, video, slides``."""
    messages: int
    first_frame: int
    joined_by: str | None
    """What showed that the legs are one call: ``Session-ID``, ``Cisco-Guid``, ``same media``, …; None for one leg."""
    dialog_rows: tuple[int, ...]
    """In ``dialogs``."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One frame that proves a finding."""

    file: str
    frame: int
    shows: str
    """What the reader sees in that frame."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault that a rule found, with its proof."""

    rule: str
    severity: str
    """``critical major minor info``"""
    confidence: str
    """``proved likely possible``"""
    title: str
    """What the rule finds, in one line."""
    message: str
    """What was found here."""
    calls: tuple[str, ...]
    """Call-IDs concerned, every leg."""
    evidence: tuple[Evidence, ...]
    """At least one."""
    display_filter: str | None
    """A Wireshark display filter that shows the evidence."""
    remedy: tuple[str, ...]
    """What to do next, step by step."""
    references: tuple[str, ...]


TABLES: dict[str, type] = {
    "captures": Capture,
    "interfaces": Interface,
    "flows": Flow,
    "unreachables": Unreachable,
    "connections": Connection,
    "handshakes": Handshake,
    "partials": Partial,
    "messages": Message,
    "rewrites": Rewrite,
    "transactions": Transaction,
    "dialogs": Dialog,
    "calls": CallRecord,
    "media": MediaLine,
    "conferences": ConferenceRecord,
    "streams": Stream,
    "reports": Report,
    "floors": Floor,
    "floor_transactions": FloorTransaction,
    "digits": Digit,
    "paths": Path,
    "hosts": Host,
    "vantages": Vantage,
    "findings": Finding,
}
"""Every table by the name that ``Trace`` and the command line give it."""
