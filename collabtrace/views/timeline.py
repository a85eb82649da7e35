"""A small chart of one RTP stream over time: loss below, jitter above, both against the same seconds."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, SupportsFloat

from markupsafe import Markup

from collabtrace.views.canvas import document, group, number, words
from collabtrace.views.markup import element
from collabtrace.views.wording import counted

WIDTH, LEFT, RIGHT = 460, 54, 12
"""Pixels: of all, for the numbers of the scales, and to the right of the plots."""

PLOT, GAP, TOP, BOTTOM = 56, 30, 22, 34
"""Pixels: the height of one plot, between the plots, above, and below for the seconds."""


class Timeline(Protocol):
    """The steps of one stream; ``sessions.timeline.Timeline`` has them."""

    @property
    def step(self) -> float: ...  # noqa: D102 - described where it is made
    @property
    def packets(self) -> Iterable[SupportsFloat]: ...  # noqa: D102
    @property
    def lost(self) -> Iterable[SupportsFloat]: ...  # noqa: D102
    @property
    def max_jitter_ms(self) -> Iterable[SupportsFloat]: ...  # noqa: D102


class Chart(NamedTuple):
    """What the chart shows: one value a step."""

    step: float
    """Seconds."""
    lost: tuple[float, ...]
    """Percent of the packets sent."""
    jitter: tuple[float | None, ...]
    """Highest in milliseconds; None where no packet came, or the clock is not known."""
    summary: str

    @property
    def seconds(self) -> float:
        """The length of the stream."""
        return self.step * len(self.lost)


def plan(timeline: Timeline) -> Chart:
    """What to show of *timeline*."""
    packets, lost = [float(value) for value in timeline.packets], [float(value) for value in timeline.lost]
    jitter = [float(value) for value in timeline.max_jitter_ms]
    known = [value for value in jitter if not math.isnan(value)]
    share = [100 * gone / (came + gone) if came + gone else 0.0 for came, gone in zip(packets, lost, strict=True)]
    summary = f"{counted(int(sum(lost)), 'packet')} lost, at most {max(share, default=0):.3g} % in {timeline.step:g} s"
    summary += f"; jitter at most {max(known):.3g} ms" if known else "; jitter unknown"
    return Chart(timeline.step, tuple(share), tuple(None if math.isnan(v) else v for v in jitter), summary)


def render(chart: Chart, *, standalone: bool = True) -> Markup:
    """The chart as an ``svg`` element."""
    below = TOP + PLOT + GAP
    parts = [
        _plot(TOP, f"highest jitter, ms in {chart.step:g} s", chart.jitter, "rtp"),
        _plot(below, f"loss, % in {chart.step:g} s", chart.lost, "marked"),
        _seconds(below + PLOT, chart.seconds),
    ]
    tall = below + PLOT + BOTTOM
    title = element("title", chart.summary)
    return document(WIDTH, tall, chart.summary, title, *parts, standalone=standalone, class_="ct-timeline")


def _plot(top: float, title: str, values: Sequence[float | None], class_: str) -> Markup:
    """Bars over a scale from zero to a round number."""
    limit = round_up(max((value for value in values if value is not None), default=0.0))
    levels = [(limit * part, top + PLOT * (1 - part)) for part in (0, 0.5, 1)]
    lines = [element("path", d=f"M{LEFT} {number(y)}H{WIDTH - RIGHT}", class_="rail") for _, y in levels]
    scale = [words(f"{value:g}", LEFT - 6, y + 4, "muted end") for value, y in levels]
    known = any(value is not None for value in values)
    unknown = None if known else words("unknown", LEFT + 8, top + PLOT / 2, "muted")
    bars = element("path", d=_bars(values, top + PLOT, PLOT / limit), class_="head") if known else None
    return group(words(title, LEFT, top - 8, "muted"), *lines, *scale, unknown, bars, class_=class_)


def _bars(values: Sequence[float | None], ground: float, pixels: float) -> str:
    """The path of bars that stand on *ground*, so many *pixels* for each unit."""
    wide = (WIDTH - LEFT - RIGHT) / max(1, len(values))
    foot, across = number(ground), number(max(wide - 0.5, 0.7))
    return "".join(
        f"M{LEFT + wide * place:.1f} {foot}v{-pixels * value:.1f}h{across}V{foot}z"
        for place, value in enumerate(values)
        if value
    )


def _seconds(top: float, seconds: float) -> Markup:
    """The scale of seconds: up to six round numbers."""
    step = round_up(seconds / 6) if seconds else 1.0
    ticks = [step * place for place in range(int(seconds / step + 1e-9) + 1)]
    wide = WIDTH - LEFT - RIGHT
    marks = [words(f"{tick:g}", LEFT + wide * tick / (seconds or 1), top + 15, "muted mid") for tick in ticks]
    return group(*marks, words("seconds since the first packet", LEFT, top + 30, "muted"))


def round_up(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten; 1 for nothing."""
    if value <= 0 or not math.isfinite(value):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * unit for unit in (1, 2, 5, 10) if value <= power * unit * (1 + 1e-9))
