"""A pair has what one machine asked the other outside of calls."""

from collabtrace.subjects import gathering
from collabtrace.subjects.related import Related
from collabtrace.testing import Scene
from tests.subjects.conftest import Opened


def test_transactions_are_those_of_one_direction_in_order(opened: Opened) -> None:
    scene = Scene()
    here, there = scene.phone("here", "192.0.2.10"), scene.phone("there", "198.51.100.20")
    for status in (200, None, 503):
        scene.request(here, there, "OPTIONS", status=status)
        scene.wait(60)
    scene.request(there, here, "OPTIONS", status=405)
    forth, back = gathering.pairs(Related(opened(scene)))
    assert (forth.client, forth.server) == ("192.0.2.10", "198.51.100.20")
    assert [each.status for each in forth.transactions] == [200, None, 503]
    assert [each.status for each in back.transactions] == [405]
