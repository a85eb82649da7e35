"""The legs as the search for conferences sees them."""

from dataclasses import replace
from pathlib import Path

from collabtrace.sessions.conference_legs import ConferenceLegs
from collabtrace.testing import audio
from tests.sessions.scenes import CUCM, MIXER, meeting, read_scene


def test_each_end_of_a_leg_has_its_tag(tmp_path: Path) -> None:
    scene, _ = meeting()
    with read_scene(scene, tmp_path) as case:
        legs = ConferenceLegs(case.messages, case.dialogs, case.media)
        leg = legs.caller.index("192.0.2.11")
        assert legs.tag_at(leg, CUCM) == case.dialogs[leg].to_tag
        assert legs.other_end(leg, legs.tag_at(leg, CUCM)) == "192.0.2.11"
        assert legs.tag_at(leg, "192.0.2.99") is None
        assert legs.begins(leg)


def test_a_bridge_is_known_by_its_product_or_by_what_it_says(tmp_path: Path) -> None:
    for number, (agent, contact) in enumerate(
        (("TANDBERG/4352 (XC4.1)", ""), ("Bridge/1.0", ";isfocus"), ("Phone", ""))
    ):
        scene, conference = meeting()
        bridge = scene.phone("bridge", "203.0.113.40", user_agent=agent, contact_parameters=contact)
        scene.dial(conference.focus, bridge).answer([replace(audio("PCMU"), address=MIXER)])
        with read_scene(scene, tmp_path) as case:
            legs = ConferenceLegs(case.messages, case.dialogs, case.media)
            assert (MIXER in legs.bridges) is (number < 2)
