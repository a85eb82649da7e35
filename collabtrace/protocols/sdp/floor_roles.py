"""Who is floor control client and who is server, by what offer and answer say (RFC 8856 §5.1, RFC 4583 §4).

========  =================  =====================================================================
offer     answer             roles of offerer and answerer
========  =================  =====================================================================
c-only    s-only             client, server
s-only    c-only             server, client
c-s       c-only             server, client
c-s       s-only             client, server
c-s       c-s                either may be both: RFC 4583 allowed it, RFC 8856 no longer does
none      none               client, server
c-only    c-only             client, client: nobody is there to ask
s-only    s-only             server, server: nobody asks
========  =================  =====================================================================
"""

from collections.abc import Sequence

CLIENT, SERVER, BOTH = "client", "server", "both"
"""What a side acts as; ``both`` where its role is left open, or it is willing to be both."""

_EITHER = frozenset((CLIENT, SERVER))
_CLAIMS = {"c-only": frozenset((CLIENT,)), "s-only": frozenset((SERVER,)), "c-s": _EITHER}
_OTHER = {CLIENT: SERVER, SERVER: CLIENT}


def roles(offer: Sequence[str], answer: Sequence[str]) -> tuple[str, str]:
    """The roles of offerer and answerer by their floorctrl attributes, each empty where it is missing."""
    if not offer and not answer:
        return CLIENT, SERVER
    wanted, chosen = _claims(offer), _claims(answer)
    if len(chosen) == 1:
        (answerer,) = chosen
        return _beside(wanted, answerer), answerer
    if len(wanted) == 1:
        # The answer leaves it open, which no RFC allows here; but the offer leaves one way only.
        (offerer,) = wanted
        return offerer, _OTHER[offerer]
    return BOTH, BOTH


def _claims(words: Sequence[str]) -> frozenset[str]:
    """The roles that a side is willing to take; what says nothing that is known leaves it open."""
    known = [_CLAIMS[word] for word in words if word in _CLAIMS]
    return frozenset().union(*known) if known else _EITHER


def _beside(wanted: frozenset[str], other: str) -> str:
    """What the offerer acts as beside an answerer that is *other*."""
    if _OTHER[other] in wanted:
        return _OTHER[other]
    return other
