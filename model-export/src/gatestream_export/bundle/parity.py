"""One bundle against a reference of it, state carried side by side over many steps and batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gatestream_export.bundle.random_pictures import random_frames
from gatestream_export.bundle.reference import Reference
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.errors import CheckFailedError

STEPS = 1200
BATCHES = (1, 2, 3, 64)
STREAMS = 3
"""Different streams; the rows of a larger batch repeat them."""

RANDOM_FRAMES = 32
REAL_FRAMES = 64


@dataclass(frozen=True)
class Parity:
    """The largest differences: features of their RMS, logits absolute, states too (above 1: of
    their own size)."""

    reference: str
    steps: int
    batches: tuple[int, ...]
    real_frames: int
    features: float
    logits: float
    states: float
    same_top_label: float

    def as_dict(self) -> dict[str, Any]:
        """For training.metrics.parity."""
        return {
            "reference": self.reference,
            "steps": self.steps,
            "batches": list(self.batches),
            "realFrames": self.real_frames,
            "largestFeatureDifference": float(f"{self.features:.2e}"),
            "largestLogitDifference": float(f"{self.logits:.2e}"),
            "largestStateDifference": float(f"{self.states:.2e}"),
            "sameTopLabel": round(self.same_top_label, 6),
        }

    def problems(self, features: float, logits: float) -> list[str]:
        """What lies outside the tolerances, one line each."""
        found = []
        for what, value, limit in (
            ("features", self.features, features),
            ("logits", self.logits, logits),
            ("states", self.states, logits),
        ):
            if not value <= limit:
                found.append(
                    f"{what} differ from {self.reference} by {value:.2g} over {self.steps} carried"
                    f" steps, allowed {limit:.2g}"
                )
        return found


def measure(
    bundle: Bundle,
    reference: Reference,
    real: np.ndarray,
    steps: int = STEPS,
    batches: tuple[int, ...] = BATCHES,
    seed: int = 11,
) -> Parity:
    """Carries the state through both, from a random start that is not zero.

    The first stream is of real frames, the second of random ones, the third of both; `real` is
    uint8 [T,H,W,3] and may be empty. The reference runs as one batch of three, the bundle at every
    size of `batches`. The time since the previous frame and side features vary, where taken.

    Raises:
        CheckFailedError: a state or a logit is not finite.
    """
    if len(real):
        real = real[np.unique(np.linspace(0, len(real) - 1, REAL_FRAMES).astype(int))]
    random = random_frames(bundle, RANDOM_FRAMES)
    frames = np.concatenate([real, random]) if len(real) else random
    rng = np.random.default_rng(seed)
    order = _order(len(real), len(random), steps)
    elapsed = rng.exponential(0.2, (steps, STREAMS, 1)).astype(np.float32)
    size = 0 if bundle.contract.auxiliary is None else bundle.contract.auxiliary["size"]
    auxiliary = rng.normal(0, 1, (steps, STREAMS, size)).astype(np.float32)
    start = [
        rng.normal(0, 0.5, (STREAMS, *s.shape)).astype(np.float32) for s in bundle.contract.states
    ]
    expected = np.concatenate([reference.encode(f[None]) for f in frames])
    found = {b: _encode(bundle, frames, b) for b in batches}
    rows = {b: np.arange(b) % STREAMS for b in batches}
    ours = {b: [s[rows[b]] for s in start] for b in batches}
    theirs = start
    scale = np.sqrt(np.mean(np.square(expected, dtype=np.float64), axis=1, keepdims=True))
    scale[scale == 0] = 1.0
    _finite(expected, "reference features", 0)
    worst_features = max(
        float((np.abs(value.astype(np.float64) - expected) / scale).max())
        for value in found.values()
    )
    worst = {"logits": 0.0, "states": 0.0}
    same = total = 0
    for t in range(steps):
        wanted, theirs = reference.step(expected[order[t]], theirs, elapsed[t], auxiliary[t])
        for what, values in (("logits", [wanted]), ("state", theirs)):
            for value in values:
                _finite(value, f"the reference's {what}", t)
        top = wanted.argmax(axis=1)
        for b in batches:
            r = rows[b]
            logits, ours[b] = bundle.step(
                found[b][order[t][r]], ours[b], elapsed[t][r], auxiliary[t][r]
            )
            worst["logits"] = max(worst["logits"], _difference(logits, wanted[r], "logits", t))
            for mine, other in zip(ours[b], theirs, strict=True):
                # An LSTM's cell state has no bound: it may count to the number of steps.
                size = np.maximum(1.0, np.abs(other[r]))
                difference = _difference(mine / size, other[r] / size, "state", t)
                worst["states"] = max(worst["states"], difference)
            same += int((logits.argmax(axis=1) == top[r]).sum())
            total += b
    return Parity(
        reference.description,
        steps,
        tuple(batches),
        len(real),
        worst_features,
        worst["logits"],
        worst["states"],
        same / total,
    )


def _order(real: int, random: int, steps: int) -> np.ndarray:
    """Which frame each stream shows: int [steps,STREAMS], the real frames counted first."""
    t = np.arange(steps)
    first = t % real if real else t % random
    second = real + t % random
    return np.stack([first, second, np.where(t % 2 == 0, first, second)], axis=1)


def _encode(bundle: Bundle, frames: np.ndarray, batch: int) -> np.ndarray:
    count = len(frames)
    chunks = []
    for start in range(0, count, batch):
        chosen = np.arange(start, start + batch) % count
        chunks.append(bundle.encode(frames[chosen]))
    features = np.concatenate(chunks)[:count]
    return _finite(features, f"features at batch {batch}", 0)


def _finite(values: np.ndarray, what: str, step: int) -> np.ndarray:
    if not np.isfinite(values).all():
        raise CheckFailedError(f"{what}: a value is not finite after {step + 1} steps")
    return values


def _difference(found: np.ndarray, expected: np.ndarray, what: str, step: int) -> float:
    if found.shape != expected.shape:
        raise CheckFailedError(f"{what}: shape {found.shape}, wanted {expected.shape}")
    _finite(found, what, step)
    return float(np.abs(found - expected).max()) if found.size else 0.0
