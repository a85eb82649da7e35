"""A stream over time."""

import math
from types import SimpleNamespace
from typing import cast

from defusedxml.ElementTree import fromstring

from collabtrace.views.timeline import Chart, Timeline, plan, render, round_up

SVG = "{http://www.w3.org/2000/svg}"


def timeline(packets: list[int], lost: list[int], jitter: list[float], step: float = 0.5) -> Timeline:
    return cast("Timeline", SimpleNamespace(step=step, packets=packets, lost=lost, max_jitter_ms=jitter))


def texts(chart: Chart) -> list[str]:
    return [element.text or "" for element in fromstring(render(chart)).iter(f"{SVG}text")]


def test_loss_is_a_share_of_what_was_sent_in_each_step() -> None:
    assert plan(timeline([25, 20, 0], [0, 5, 0], [1, 2, math.nan])).lost == (0, 20, 0)


def test_jitter_is_missing_where_no_packet_came() -> None:
    assert plan(timeline([25, 0], [0, 0], [1.5, math.nan])).jitter == (1.5, None)


def test_the_summary_says_the_worst() -> None:
    assert plan(timeline([25, 20], [0, 5], [1.5, 12.25])).summary == (
        "5 packets lost, at most 20 % in 0.5 s; jitter at most 12.2 ms"
    )
    assert plan(timeline([25], [0], [math.nan])).summary.endswith("; jitter unknown")


def test_scales_have_units_and_round_numbers() -> None:
    said = texts(plan(timeline([25, 20], [0, 5], [1.5, 12.25], step=15)))
    assert {"highest jitter, ms in 15 s", "loss, % in 15 s", "seconds since the first packet"} <= set(said)
    assert {"0", "10", "20"} <= set(said)
    assert "30" in said


def test_bars_stand_on_their_ground() -> None:
    (bars,) = [
        path.get("d") or ""
        for path in fromstring(render(plan(timeline([25], [25], [math.nan])))).iter(f"{SVG}path")
        if path.get("class") == "head"
    ]
    assert bars == "M54.0 164v-56.0h393.5V164z"


def test_jitter_that_no_clock_tells_is_called_unknown() -> None:
    assert "unknown" in texts(plan(timeline([25], [0], [math.nan])))


def test_a_stream_without_a_step_is_a_chart_too() -> None:
    assert "0" in texts(plan(timeline([], [], [])))


def test_scales_end_at_1_2_or_5_times_a_power_of_ten() -> None:
    assert [round_up(value) for value in (0, 0.3, 1, 1.1, 4, 51, math.nan)] == [1, 0.5, 1, 2, 5, 100, 1]
