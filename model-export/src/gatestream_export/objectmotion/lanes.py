"""Windows of rendered clips for training, each lane with its own colours, flips and drops."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gatestream_export.objectmotion.clips import Clips
from gatestream_export.objectmotion.motion import INPUT_SIZE, LABELS
from gatestream_export.training.lanes import Window, WindowSource
from gatestream_export.training.recipe import Recipe

_FLIP_X = {"left": "right", "right": "left", "clockwise": "counter-clockwise"}
_FLIP_Y = {"up": "down", "down": "up", "clockwise": "counter-clockwise"}
_SWAP = {
    "left": "up",
    "up": "left",
    "right": "down",
    "down": "right",
    "clockwise": "counter-clockwise",
}


def _label_table(mapping: dict[str, str]) -> np.ndarray:
    both = mapping | {"counter-clockwise": "clockwise"}
    return np.array([LABELS.index(both.get(name, name)) for name in LABELS])


_TABLES = {
    "flip_x": _label_table(_FLIP_X),
    "flip_y": _label_table(_FLIP_Y),
    "swap": _label_table(_SWAP),
}


@dataclass(frozen=True)
class MotionWindow(Window):
    """With `place` [L,W,3]: centre and size of the thing, in pixels of the input."""

    place: np.ndarray


@dataclass
class _Lane:
    clip: int
    at: int
    drop: float
    channels: tuple[int, ...]
    flip_x: bool
    flip_y: bool
    swap: bool
    since_reset: int


class MotionLanes(WindowSource[MotionWindow]):
    """Each lane plays clips one after the other.

    A window never holds two clips: what is left of one that is too short for another window is
    left out. `cycle` draws other clips of the same seed.
    """

    _lane_type = _Lane

    def __init__(self, clips: Clips, recipe: Recipe, cycle: int = 0) -> None:
        super().__init__(recipe, (cycle,) if cycle else ())
        self._clips = clips
        self._lanes = [self._next_clip(0) for _ in range(recipe.lanes)]
        for lane in self._lanes:
            lane.at = int(self._rng.integers(0, clips.frames.shape[1] - recipe.window))

    def _next_clip(self, since_reset: int) -> _Lane:
        rng = self._rng
        return _Lane(
            clip=self._draw(len(self._clips.frames)),
            at=0,
            drop=float(rng.uniform(0, self._recipe.drop)) if rng.random() < 0.4 else 0.0,
            channels=tuple(map(int, rng.permutation(3))) if rng.random() < 0.4 else (0, 1, 2),
            flip_x=bool(rng.random() < 0.5),
            flip_y=bool(rng.random() < 0.5),
            swap=bool(rng.random() < 0.5),
            since_reset=since_reset,
        )

    def next(self) -> MotionWindow:
        """The next window."""
        lanes, size = self._recipe.lanes, self._recipe.window
        window = MotionWindow(
            inputs=np.empty((lanes, size, INPUT_SIZE, INPUT_SIZE, 3), np.uint8),
            labels=np.empty((lanes, size), np.int64),
            elapsed=np.zeros((lanes, size), np.float32),
            auxiliary=np.zeros((lanes, size, 0), np.float32),
            counts=np.empty((lanes, size), bool),
            real=np.ones((lanes, size), bool),
            reset=np.zeros(lanes, bool),
            streams=(),
            place=np.empty((lanes, size, 3), np.float32),
        )
        length = self._clips.frames.shape[1]
        burn_in = self._recipe.burn_in
        for row, lane in enumerate(self._lanes):
            take = lane.at + self._strides(lane.drop)
            if take[-1] >= length:
                window.reset[row] = self._rng.random() < self._recipe.reset_share
                lane = self._next_clip(0 if window.reset[row] else lane.since_reset)
                self._lanes[row] = lane
                take = self._strides(lane.drop)
            self._fill(window, row, lane, take)
            since_reset = lane.since_reset + np.arange(size)
            since_change = self._clips.since_change[lane.clip, take]
            window.counts[row] = (since_change >= burn_in) & (since_reset >= burn_in)
            lane.at = int(take[-1]) + 1
            lane.since_reset += size
        return window

    def _strides(self, drop: float) -> np.ndarray:
        """Frames of a window from its start, those that a lane drops left out."""
        return np.cumsum(1 + (self._rng.random(self._recipe.window) < drop)) - 1

    def _fill(self, window: MotionWindow, row: int, lane: _Lane, take: np.ndarray) -> None:
        pictures = self._clips.frames[lane.clip, take]
        truth = self._clips.label[lane.clip, take]
        where = self._clips.place[lane.clip, take].copy()
        if lane.flip_x:
            pictures, truth = pictures[:, :, ::-1], _TABLES["flip_x"][truth]
            where[:, 0] = INPUT_SIZE - where[:, 0]
        if lane.flip_y:
            pictures, truth = pictures[:, ::-1], _TABLES["flip_y"][truth]
            where[:, 1] = INPUT_SIZE - where[:, 1]
        if lane.swap:
            pictures, truth = pictures.transpose(0, 2, 1, 3), _TABLES["swap"][truth]
            where[:, [0, 1]] = where[:, [1, 0]]
        window.inputs[row] = pictures[:, :, :, list(lane.channels)]
        window.labels[row] = truth
        window.place[row] = where
