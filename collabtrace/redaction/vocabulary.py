"""Words that say nothing about anybody: those of the protocols, which have to stay so that a capture stays readable."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORDS = _words(
    """
    sip sips tel urn uuid http https ws wss xmpp cid mailto gruu im pres isup h323 rtsp rtspu rtmp turn stun
    udp tcp tls sctp dtls rtp rtcp srtp avp avpf savp savpf bfcp ip ip4 ip6 in v1 v2
    user phone dialstring transport method maddr ttl lr comp sigcomp received rport branch tag alias keep ob
    tag expires q methods reason cause text purpose info icon card early only both from to
    invite ack bye cancel options register subscribe notify refer info message update prack publish
    anonymous anonym unknown unavailable restricted private invalid localhost localdomain local com net org
    yes no on off true false none null full partial active inactive terminated pending init trying proceeding
    confirmed early connected disconnected connecting disconnecting alerting dialing hold held alert ringing
    noresource deactivated probation rejected timeout giveup busy available open closed idle inuse
    initiator recipient caller callee calling called party screen privacy id header session critical history
    unconditional deflection follow me time of day do not disturb away immediate
    digest basic bearer ntlm negotiate kerberos md5 sha auth int realm nonce opaque uri response username cnonce qop
    audio video application image model text main slides speaker sl alt mixed related multipart uniqueboundary
    dialog conference presence kpml reg mwi as feature event talk hold service control check sync line seize
    cisco remotecc ccm devicename voip callinfo gci orientation security notsupported encrypted authenticated
    active version urn x call park pickup conf conference join barge transfer drop last select remove
    add rem party mobility resume monitor recording hlog quality ietf params xml ns namespace schema
    focus isfocus endpoint participant state entity users media type status direction sendrecv sendonly recvonly
    candidate typ host srflx prflx relay raddr rport generation network cost tcptype passive actpass holdconn so
    inline crypto aes cm hmac sha1 sha256 sha384 sha512 aead gcm f8 unencrypted srtp fec order key
    fingerprint setup existing new ice ufrag pwd options trickle renomination lite
    cname msid mslabel label default appdata group bundle ls fid sem fec fr sim semantics
    ok ringing not found request terminated unauthorized forbidden moved temporarily permanently bad gone here
    acceptable server internal error gateway loop detected too many hops address incomplete ambiguous proxy
    authentication required progress session does exist extension unsupported media allowed scheme intermediate interval
    brief global everywhere decline anywhere implemented unacceptable large precondition failure
    normal clearing user agent client preemption blacklisted q 850
    request line softkey eventmask softkeyevent dialogid callid localtag remotetag linenumber participantnum
    consultdialogid joindialogid joinreq datapassthroughreq applicationid confid lineid transactionid
    sip response code ack sipfrag frag refer sub replaces target digits kp forced flushed suppressed
    post get put delete head connect describe setup play pause record announce teardown
    upgrade websocket permessage deflate close alive chunked gzip identity utf 8 iso charset en us de fr
    subscription supported sdp json html plain charset boundary base64 binary 7bit 8bit
    z9hg4bk automata class duplex data mobility events schemes languages extensions actor gr outbound orig
    remote method unsolicited nearend farend refci nearendclusterid nearenddevice nearendaddr farendclusterid
    farenddevice farendaddr g 3gpp icsi ref smsip mid call builtin bib recorder recording metadata src siprec
    """
)
"""In lower case."""

PUBLIC_HEADERS = _words(
    """
    cseq content-length l max-forwards expires min-expires allow supported k require proxy-require unsupported
    session-expires x min-se rseq rack timestamp date mime-version accept accept-encoding accept-language
    content-encoding e content-disposition subscription-state allow-events u privacy recv-info info-package
    content-language retry-after priority answer-mode priv-answer-mode flow-timer
    connection upgrade cache-control transfer-encoding pragma sec-websocket-version sec-websocket-protocol
    sec-websocket-extensions public range scale speed blocksize bandwidth session-timeout
    """
)
"""Headers whose values are of the protocol alone."""

PRODUCT_HEADERS = frozenset(["user-agent", "server"])
"""Headers whose values name a product, which rules have to know."""

SECRET_HEADERS = _words(
    """
    authorization proxy-authorization authentication-info proxy-authentication-info www-authenticate
    proxy-authenticate cookie set-cookie identity identity-info sec-websocket-key sec-websocket-accept
    """
)
"""Headers with credentials."""

PUBLIC_ATTRIBUTES = _words(
    """
    rtpmap fmtp ptime maxptime sendrecv sendonly recvonly inactive rtcp-fb extmap imageattr simulcast rid group mid
    content label floorctrl floorid confid userid setup connection framesize framerate quality ice-options
    end-of-candidates rtcp-mux rtcp-rsize rtcp-mux-only bundle-only ice-lite mptime tcap pcfg acfg csup creq
    curr conf des silencesupp tool type charset lang sdplang t38faxversion t38maxbitrate t38faxfillbitremoval
    t38faxtranscodingmmr t38faxtranscodingjbig t38faxratemanagement t38faxmaxbuffer t38faxmaxdatagram t38faxudpec
    t38vendorinfo sctpmap sctp-port max-message-size cisco-mari cisco-mari-rate cisco-mari-psre answer orient
    rtcp-xr sprop-video multiview direction recv send depend ts-refclk mediaclk ssrc-group
    """
)
"""Attributes of SDP whose values are of the protocol alone."""

PRODUCTS = _words(
    """
    cisco tandberg polycom poly asterisk freeswitch kamailio opensips sipp baresip linphone acano callbridge jabber
    webex expressway conductor cucm ccm yealink lifesize huawei sony aver avaya radvision grandstream snom eyebeam
    bria xlite counterpath twinkle ekiga jitsi pjsua pjsip sofia yate mitel aastra audiocodes genband sonus oracle
    acme microsoft skype lync rtcc teams zoom bluejeans pexip vidyo starleaf codian telepresence servlet sipunit
    resiprocate repro zoiper microsip mizu fritz fritzbox avm gigaset panasonic siemens alcatel lucent ericsson
    ubuntu debian windows linux android macos ios darwin server client agent library stack phone mobile desktop
    """
)
"""Words of the names of products, in lower case; who is called like one stays called so there."""
