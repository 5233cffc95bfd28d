"""The tolerance of an encoder of lower precision, from what its rounding does."""

from __future__ import annotations

import numpy as np

from gatestream_export.bundle import parity
from gatestream_export.bundle.random_pictures import random_frames
from gatestream_export.bundle.reference import Reference, unoptimised
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.bundle.specification import Tolerance

SMALLEST_STEP = 0.005
"""What one step of rounding in int8 changes at least, of the features' RMS."""

MARGIN = 2.0
"""The tolerances are so many times what was measured here."""


def _up(value: float) -> float:
    """Rounded up to one digit, so that model.json does not claim more than was measured."""
    if value <= 0:
        return 0.0
    unit = 10.0 ** np.floor(np.log10(value))
    return float(f"{np.ceil(value / unit - 1e-9) * unit:.1g}")


def tolerance(bundle: Bundle, frames: np.ndarray, kind: str) -> Tolerance:
    """What this encoder's rounding does, with a margin.

    Two ways to compute the same graph, as ONNX Runtime fuses it and as it is written, differ where
    a value lies next to a rounding edge: rarely, and in int8 by a whole step. So do two CPUs. The
    largest such change of the features is looked for over many frames; what the step makes of it
    is measured by changing every feature of every frame by up to as much.
    """
    default = Tolerance()
    plain = unoptimised(bundle.folder)
    features = max(_moved(bundle, plain, frames), SMALLEST_STEP if kind == "int8" else 0.0)
    rng = np.random.default_rng(1)

    def shaken(given: np.ndarray) -> np.ndarray:
        exact = bundle.encode(given)
        rms = np.sqrt(np.mean(np.square(exact), axis=1, keepdims=True))
        return exact + (features * rms * rng.uniform(-1, 1, exact.shape)).astype(np.float32)

    carried = [
        parity.measure(bundle, Reference("shaken features", shaken, bundle.step), frames),
        parity.measure(bundle, plain, frames),
    ]
    same = _up(max(default.parity, MARGIN * features))
    moved = max(max(m.logits, m.states) for m in carried)
    return Tolerance(
        features=max(default.features, same),
        logits=_up(max(default.logits, MARGIN * moved)),
        exact=same,
        parity=same,
    )


def _moved(bundle: Bundle, plain: Reference, frames: np.ndarray) -> float:
    noise = np.random.default_rng(2).integers(-1, 2, frames.shape)
    noisy = np.clip(frames.astype(np.int16) + noise, 0, 255).astype(np.uint8)
    largest = 0.0
    for frame in (*frames, *noisy, *random_frames(bundle, 64)):
        wanted, found = plain.encode(frame[None]), bundle.encode(frame[None])
        rms = float(np.sqrt(np.mean(np.square(wanted)))) or 1.0
        largest = max(largest, float(np.abs(found - wanted).max()) / rms)
    return largest
