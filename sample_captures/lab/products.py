"""What each product says of itself, after messages that are public (their version strings are such that were seen).

Where it is known what a product writes, it is written so here; every name, number and identifier is made up.
"""

from lab.dialog import Product

PHONE_SUPPORTED = (
    "replaces,join,sdp-anat,norefersub,resource-priority,extended-refer,X-cisco-callinfo,X-cisco-serviceuri,"
    "X-cisco-escapecodes,X-cisco-service-control,X-cisco-srtp-fallback,X-cisco-monrec,X-cisco-config,"
    "X-cisco-sis-7.0.0,X-cisco-xsi-8.5.1"
)
PHONE_ALLOW = "ACK,BYE,CANCEL,INVITE,NOTIFY,OPTIONS,REFER,REGISTER,UPDATE,SUBSCRIBE,INFO"
ENDPOINT_ALLOW = "INVITE,ACK,CANCEL,BYE,INFO,OPTIONS,REFER,NOTIFY"


def phone(device: str) -> Product:
    """A desk phone."""
    return Product(
        "Cisco-CP8841/12.6.1",
        PHONE_ALLOW,
        PHONE_SUPPORTED,
        "kpml,dialog",
        f';+u.sip!devicename.ccm.cisco.com="{device}"',
        (("Recv-Info", "conference"), ("Recv-Info", "x-cisco-conference")),
    )


def jabber(device: str) -> Product:
    """Jabber on a computer, able to share."""
    return Product(
        "Cisco-CSF",
        PHONE_ALLOW,
        PHONE_SUPPORTED,
        "kpml,dialog",
        f';+u.sip!devicename.ccm.cisco.com="{device}";video;bfcp',
        (("Recv-Info", "conference"), ("Recv-Info", "x-cisco-conference")),
    )


def endpoint(version: str, model: str = "Cisco-SX20") -> Product:
    """A room system with CE software."""
    return Product(
        f"TANDBERG/529 ({version}) {model}",
        ENDPOINT_ALLOW,
        "replaces,100rel,timer,gruu,path,outbound,X-cisco-callinfo",
        "",
    )


CUCM = Product(
    "Cisco-CUCM11.5",
    "INVITE, OPTIONS, INFO, BYE, CANCEL, ACK, PRACK, UPDATE, REFER, SUBSCRIBE, NOTIFY",
    "timer,resource-priority,replaces,X-cisco-srtp-fallback,Geolocation",
    "presence, kpml",
)
CONDUCTOR = Product(
    "TANDBERG/4352 (XC4.0.0)",
    "INVITE,ACK,CANCEL,OPTIONS,BYE,UPDATE,INFO,REFER,SUBSCRIBE,NOTIFY",
    "replaces,timer",
    "",
)
GATEWAY = Product(
    "Cisco-SIPGateway/IOS-12.x",
    "INVITE, OPTIONS, BYE, CANCEL, ACK, PRACK, UPDATE, REFER, SUBSCRIBE, NOTIFY, INFO, REGISTER",
    "100rel,timer,resource-priority,replaces,sdp-anat",
    "telephone-event",
)
