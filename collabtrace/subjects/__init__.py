"""What rules judge, one subject at a time: a call, an RTP stream, a pair of machines, a capture file.

The records of a subject lead to each other (``call.legs``, ``leg.messages``, ``leg.lines``, ``line.streams``,
``line.floors``), and ``Sight`` answers what the captures could have shown. Subjects hold no facts of their own:
everything in them comes from the tables of the case, and is looked up when a rule asks.
"""

from collabtrace.subjects.call import Call
from collabtrace.subjects.channel import Channel, Endpoint
from collabtrace.subjects.conference import Conference
from collabtrace.subjects.description import Description
from collabtrace.subjects.exchange import Exchange
from collabtrace.subjects.joint import Joint, Relay
from collabtrace.subjects.key_subscription import KeySubscription
from collabtrace.subjects.leg import Leg
from collabtrace.subjects.line import Line, Side
from collabtrace.subjects.media_flow import MediaFlow, Way
from collabtrace.subjects.message import SipMessage
from collabtrace.subjects.pair import Pair
from collabtrace.subjects.press import Press
from collabtrace.subjects.recording import Recording
from collabtrace.subjects.refusal import Refusal
from collabtrace.subjects.rtp_stream import RtpStream
from collabtrace.subjects.sight import Sight
from collabtrace.subjects.silence import Silence
from collabtrace.subjects.tls_peers import TlsPeers

__all__ = [
    "Call",
    "Channel",
    "Conference",
    "Description",
    "Endpoint",
    "Exchange",
    "Joint",
    "KeySubscription",
    "Leg",
    "Line",
    "MediaFlow",
    "Pair",
    "Press",
    "Recording",
    "Refusal",
    "Relay",
    "RtpStream",
    "Side",
    "Sight",
    "Silence",
    "SipMessage",
    "TlsPeers",
    "Way",
]
