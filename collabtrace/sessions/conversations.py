"""Which two flows are the two directions of one TCP conversation."""

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import Flows

OTHER = -1
"""Stands for the conversation of a flow that is not TCP."""


class Conversations:
    """The TCP conversations of one file; each has the number of that of its two flows which was seen first."""

    def __init__(self, flows: Flows) -> None:
        """Follow *flows* as it grows."""
        self._flows = flows
        self._single: dict[tuple[str, int, str, int], int] = {}
        """Flows of which the other direction was not seen yet, by its ends."""
        self.numbers: NDArray[np.int32] = np.zeros(0, np.int32)
        """The conversation of each flow; ``OTHER`` for other transports."""

    def grow(self) -> None:
        """Look at the flows that are new."""
        known, flows = len(self.numbers), self._flows
        if known < len(flows):
            new = [self._number(flow) for flow in range(known, len(flows))]
            self.numbers = np.concatenate([self.numbers, np.array(new, np.int32)])

    def _number(self, flow: int) -> int:
        flows = self._flows
        if flows.transport[flow] != "tcp":
            return OTHER
        here, there = (flows.source[flow], flows.source_port[flow]), (flows.target[flow], flows.target_port[flow])
        found = self._single.pop((*here, *there), None)
        if found is None:
            self._single[*there, *here] = found = flow
        return found
