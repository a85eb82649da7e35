"""RTP that belongs to no call of a scene."""

from collabtrace.protocols.rtp import Rtp
from collabtrace.testing import Machine, Scene


def send_rtp(scene: Scene, source: Machine, target: Machine, ports: tuple[int, int], packets: int) -> None:
    """Send *packets* of PCMU, 20 ms apart."""
    for count in range(packets):
        packet = Rtp(0, 100 + count, 160 * count, 0xABCD, bytes(160), marker=False)
        scene.datagram(source, target, ports, bytes(packet))
        scene.wait(0.02)
