"""The bar that collabtrace is held to: processor time beside tshark and pyshark, memory, growth."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from measure import Cost
from samples import Sample

COLD_START_SECONDS = 0.8
TIMES_LESS = {("M", "tshark"): 5.0, ("M", "pyshark"): 20.0, ("H", "tshark"): 2.0}
"""How many times less processor time than the other program, by size and program."""
MEBIBYTES_PER_MILLION = 140.0
GROWTH_EXPONENT = 1.1

Costs = dict[str, Cost | None]
"""By program; None where it failed."""


class Verdict(NamedTuple):
    """One thing that was asked."""

    what: str
    value: float
    limit: str
    holds: bool


def dearest(costs: Costs) -> Cost | None:
    """The most that any command of ours took, in time and in memory; None where one of them failed."""
    ours = [cost for name, cost in costs.items() if name.startswith("collabtrace")]
    ran = [cost for cost in ours if cost is not None]
    if not ran or len(ran) < len(ours):
        return None
    most = max(ran, key=lambda cost: cost.seconds)
    return most._replace(mebibytes=max(cost.mebibytes for cost in ran))


def verdicts(measured: list[tuple[Sample, Costs]]) -> Iterator[Verdict]:
    """The bar, one thing after another."""
    large: dict[str, tuple[Sample, Cost]] = {}
    for of, costs in measured:
        ours = dearest(costs)
        if ours is None:
            yield Verdict(f"{of.name}: every command runs", math.nan, "yes", holds=False)
            continue
        yield from _of_one(of, ours, costs)
        large[of.name] = of, ours
    if "M" in large and "L" in large:
        (less, less_cost), (more, more_cost) = large["M"], large["L"]
        exponent = math.log(more_cost.seconds / less_cost.seconds) / math.log(more.packets / less.packets)
        yield _at_most("M to L: exponent of growth", exponent, GROWTH_EXPONENT)


def _of_one(of: Sample, ours: Cost, costs: Costs) -> Iterator[Verdict]:
    if of.size == "S":
        yield _at_most(f"{of.name}: seconds from cold start to the result", ours.seconds, COLD_START_SECONDS)
    for name, cost in costs.items():
        least = TIMES_LESS.get((of.size, name))
        if least is not None and cost is not None:
            ratio = cost.seconds / ours.seconds
            yield Verdict(f"{of.name}: times less than {name}", ratio, f">= {least:g}", ratio >= least)
    if of.size in "ML":
        per_million = ours.mebibytes / of.packets * 1e6
        yield _at_most(f"{of.name}: MiB per million packets", per_million, MEBIBYTES_PER_MILLION)


def _at_most(what: str, value: float, limit: float) -> Verdict:
    return Verdict(what, value, f"<= {limit:g}", value <= limit)
