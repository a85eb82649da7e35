"""Which lane an address and port belong to, and the order of lanes from the caller to the callee.

A lane is a machine: all ports of an address are one lane. Where an address sends SIP to itself (tests on one
machine), that would be a ladder with a single lane, so there the SIP port names the lane.
"""

from collections.abc import Iterable, Mapping, Sequence

from collabtrace.schema import Host, Message
from collabtrace.views.material import Described
from collabtrace.views.rows import Arrow, Lane
from collabtrace.views.wording import endpoint, one_line

NAME_LENGTH = 40
"""Characters of a machine's name that are worth a lane's width."""


class Ends:
    """The lane of every address and port of one call."""

    def __init__(self, messages: Sequence[Message], media: Iterable[Described]) -> None:
        """Learn from *messages*, and from media lines with the messages that offered and answered them."""
        self.split = {message.source for message in messages if message.source == message.target}
        self.owners: dict[str, str] = {}
        """The lane whose SDP named an address."""
        self._ports: dict[tuple[str, int], int] = {}
        self._shared: dict[tuple[str, int], str] = {}
        for message in messages if self.split else ():
            self._learn_port(message)
        for line, offer, answer in media:
            shared = line.offer_address == line.answer_address
            self._learn_media(line.offer_address, (line.offer_port, line.offer_rtcp_port), offer, shared=shared)
            self._learn_media(line.answer_address, (line.answer_port, line.answer_rtcp_port), answer, shared=shared)

    def key(self, address: str, port: int) -> str:
        """The key of the lane that *port* of *address* belongs to."""
        if self._shared and (address, port) in self._shared:
            return self._shared[address, port]
        if address not in self.split:
            return address
        return endpoint(address, self._ports.get((address, port), port))

    def _learn_port(self, message: Message) -> None:
        """Join the port that a connection goes out from with the one that its Via names (RFC 3261 §18.1.1)."""
        if message.method is None or message.source not in self.split or not message.sent_by:
            return
        host, _, port = message.sent_by.rpartition(":")
        if host.strip("[]") == message.source and port.isdecimal() and len(port) <= 5:
            self._ports[message.source, message.source_port] = int(port)

    def _learn_media(
        self, address: str | None, ports: Iterable[int | None], described_by: Message | None, *, shared: bool
    ) -> None:
        """Media belongs to who described it; at an address that both sides named, only the port tells who that is."""
        if address is None or described_by is None:
            return
        lane = self.key(described_by.source, described_by.source_port)
        self.owners.setdefault(address, lane)
        for port in ports if shared else ():
            if port:
                self._shared.setdefault((address, port), lane)
                self._shared.setdefault((address, port + 1), lane)


def ordered(arrows: Sequence[Arrow], owners: Mapping[str, str]) -> list[str]:
    """The keys of all lanes in the order in which requests reached them; media addresses beside their owner."""
    signalling = [arrow for arrow in arrows if arrow.kind in ("sip", "dtmf")]
    order: dict[str, None] = {}
    for arrow in (*(a for a in signalling if not a.answer), *(a for a in signalling if a.answer)):
        ends = (arrow.target, arrow.source) if arrow.answer else (arrow.source, arrow.target)
        order.update(dict.fromkeys(ends))
    return completed(list(order), (key for arrow in arrows for key in (arrow.source, arrow.target)), owners)


def completed(order: list[str], keys: Iterable[str], owners: Mapping[str, str]) -> list[str]:
    """*order* with the *keys* that it lacks: beside their owner, or at the end."""
    known = dict.fromkeys(order)
    for key in keys:
        if key not in known:
            known[key] = None
            owner = owners.get(key)
            order.insert(order.index(owner) + 1 if owner in known else len(order), key)
    return order


def lanes(keys: Iterable[str], hosts: Mapping[str, Host], media: Mapping[str, str] | None = None) -> tuple[Lane, ...]:
    """Lanes with the names of their machines; *media* names the owners of addresses that have media only."""
    return tuple(Lane(key, machine_name(key, hosts) or _owned(key, media or {})) for key in keys)


def machine_name(key: str, hosts: Mapping[str, Host]) -> str | None:
    """What the machine of a lane is, or what it calls itself."""
    host = hosts.get(key) or hosts.get(_address(key))
    name = host and (host.kind or host.name)
    return one_line(name, NAME_LENGTH) if name else None


def _owned(key: str, media: Mapping[str, str]) -> str | None:
    return f"media of {media[key]}" if key in media else None


def _address(key: str) -> str:
    """The address in a key with a port."""
    return key.rpartition(":")[0].strip("[]")
