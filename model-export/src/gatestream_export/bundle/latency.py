"""What one call of an encoder takes, several of them in turns."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

ROUNDS = 15
ROUND_SECONDS = 0.03


@dataclass(frozen=True)
class Latency:
    """Milliseconds of one encoder call at batch 1, one thread: median and quartiles."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.3f} ms ({self.low:.3f} to {self.high:.3f})"


def latencies(
    encoders: list[Callable[[np.ndarray], Any]], frames: np.ndarray, rounds: int = ROUNDS
) -> list[Latency]:
    """Times the encoders in turns, so that a busy machine slows all of them alike."""
    calls = 1
    for encode in encoders:
        for frame in frames[:3]:
            encode(frame[None])
        start = time.perf_counter()
        encode(frames[:1])
        calls = max(calls, min(100, int(ROUND_SECONDS / (time.perf_counter() - start))))
    taken = np.empty((rounds, len(encoders)))
    for r in range(rounds):
        for k, encode in enumerate(encoders):
            start = time.perf_counter()
            for i in range(calls):
                encode(frames[i % len(frames)][None])
            taken[r, k] = (time.perf_counter() - start) / calls * 1e3
    return [Latency(*np.quantile(taken[:, k], (0.5, 0.25, 0.75))) for k in range(len(encoders))]
