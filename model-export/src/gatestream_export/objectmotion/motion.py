"""Motion plans: where the thing is, how large it is and which label is true, frame by frame.

All lengths are in pixels of the model's 64x64 input; a renderer scales them. A plan is a chain of
stretches of 10-20 frames. Each stretch is planned whole and redrawn until its path stays off the
walls and its size in range: nothing wraps and nothing is clamped, so a label never lies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LABELS = (
    "still",
    "left",
    "right",
    "up",
    "down",
    "clockwise",
    "counter-clockwise",
    "approaching",
    "receding",
)
FRAMES_PER_SECOND = 10
INPUT_SIZE = 64

CENTRE_RANGE = (8.0, 56.0)
SIZE_RANGE = (10.0, 38.0)
STRETCH_FRAMES = (10, 20)
STRAIGHT_SPEED = (1.0, 2.4)
STRAIGHT_TILT = 0.14
TURN_RATE = (0.35, 0.70)
TURN_RADIUS = (5.0, 13.0)
GROWTH = (0.035, 0.07)
JITTER = 0.08
CUT_PROBABILITY = 0.08

_DIRECTIONS = {
    "left": (-1.0, 0.0),
    "right": (1.0, 0.0),
    "up": (0.0, -1.0),
    "down": (0.0, 1.0),
}


@dataclass(frozen=True)
class Stretch:
    """One planned stretch: positions and sizes of its frames, and whether it starts with a cut."""

    label: int
    x: np.ndarray
    y: np.ndarray
    size: np.ndarray
    cut: bool

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class MotionPlan:
    """A whole stream's plan; every array has one entry a frame."""

    label: np.ndarray
    since_change: np.ndarray
    x: np.ndarray
    y: np.ndarray
    size: np.ndarray
    thing: np.ndarray

    def __len__(self) -> int:
        return len(self.label)


def _relative_path(
    label: str, frames: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Offsets from the start and the size factor; entry 0 is one step after the start."""
    step = np.arange(1, frames + 1, dtype=np.float64)
    zero = np.zeros(frames)
    one = np.ones(frames)
    if label == "still":
        return zero, zero, one
    if label in _DIRECTIONS:
        dx, dy = _DIRECTIONS[label]
        tilt = rng.uniform(-STRAIGHT_TILT, STRAIGHT_TILT)
        speed = rng.uniform(*STRAIGHT_SPEED) / np.cos(tilt)
        cos, sin = np.cos(tilt), np.sin(tilt)
        return speed * step * (dx * cos - dy * sin), speed * step * (dx * sin + dy * cos), one
    if label in ("clockwise", "counter-clockwise"):
        # y points down, so a growing angle turns clockwise on the screen.
        turn = rng.uniform(*TURN_RATE) * (1 if label == "clockwise" else -1)
        radius = rng.uniform(*TURN_RADIUS)
        start = rng.uniform(0, 2 * np.pi)
        angle = start + turn * step
        return (
            radius * (np.cos(angle) - np.cos(start)),
            radius * (np.sin(angle) - np.sin(start)),
            one,
        )
    growth = np.log1p(rng.uniform(*GROWTH))
    return zero, zero, np.exp(growth * step * (1 if label == "approaching" else -1))


def _inside(x: np.ndarray, y: np.ndarray, size: np.ndarray) -> bool:
    low, high = CENTRE_RANGE
    margin = 4 * JITTER
    return bool(
        min(x.min(), y.min()) >= low + margin
        and max(x.max(), y.max()) <= high - margin
        and size.min() >= SIZE_RANGE[0]
        and size.max() <= SIZE_RANGE[1]
    )


def _continue(
    label: str, start: tuple[float, float, float], rng: np.random.Generator, tries: int = 24
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    for _ in range(tries):
        frames = int(rng.integers(STRETCH_FRAMES[0], STRETCH_FRAMES[1] + 1))
        dx, dy, factor = _relative_path(label, frames, rng)
        x, y, size = start[0] + dx, start[1] + dy, start[2] * factor
        if _inside(x, y, size):
            return x, y, size
    return None


def _fresh(label: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A new thing. Its place and size are drawn alike for all labels (see `_spread`)."""
    while True:
        frames = int(rng.integers(STRETCH_FRAMES[0], STRETCH_FRAMES[1] + 1))
        dx, dy, factor = _relative_path(label, frames, rng)
        start = _spread(rng)
        # The drawn point is where the *middle* of the stretch lies, whatever the label.
        middle = frames // 2
        x = start[0] + dx - dx[middle]
        y = start[1] + dy - dy[middle]
        size = start[2] * factor / factor[middle]
        if _inside(x, y, size):
            return x, y, size


def _spread(rng: np.random.Generator) -> tuple[float, float, float]:
    """Middle of a fresh stretch. Sizes are triangular in the logarithm, as growing paths need."""
    low, high = np.log(SIZE_RANGE[0]), np.log(SIZE_RANGE[1])
    return (
        float(rng.uniform(14, 50)),
        float(rng.uniform(14, 50)),
        float(np.exp(rng.triangular(low, (low + high) / 2, high))),
    )


def draw_stretch(
    label: int,
    start: tuple[float, float, float] | None,
    rng: np.random.Generator,
) -> Stretch:
    """Plans a stretch from `start` (x, y, size); a cut to a new thing where it cannot go on."""
    name = LABELS[label]
    path = None
    if start is not None and rng.random() >= CUT_PROBABILITY:
        path = _continue(name, start, rng)
    cut = path is None
    x, y, size = _fresh(name, rng) if path is None else path
    return Stretch(label, x, y, size, cut)


def plan_motion(frames: int, rng: np.random.Generator) -> MotionPlan:
    """A plan of exactly `frames` frames. Consecutive stretches never have the same label."""
    stretches: list[Stretch] = []
    total = 0
    start: tuple[float, float, float] | None = None
    previous = -1
    while total < frames:
        label = int(rng.integers(len(LABELS)))
        if label == previous:
            continue
        stretch = draw_stretch(label, start, rng)
        stretches.append(stretch)
        total += len(stretch)
        previous = label
        start = (float(stretch.x[-1]), float(stretch.y[-1]), float(stretch.size[-1]))
    lengths = [len(s) for s in stretches]
    jitter = np.clip(rng.normal(0, JITTER, (2, total)), -3 * JITTER, 3 * JITTER)
    return MotionPlan(
        label=np.repeat([s.label for s in stretches], lengths)[:frames].astype(np.uint8),
        since_change=np.concatenate([np.arange(n) for n in lengths])[:frames].astype(np.int16),
        x=(np.concatenate([s.x for s in stretches]) + jitter[0])[:frames],
        y=(np.concatenate([s.y for s in stretches]) + jitter[1])[:frames],
        size=np.concatenate([s.size for s in stretches])[:frames],
        thing=np.repeat(np.cumsum([s.cut for s in stretches]) - 1, lengths)[:frames],
    )
