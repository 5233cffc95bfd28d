"""Windows of frames for one optimiser step, drawn from streams in lanes or at random."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from gatestream_export.data.sequences import IGNORED, Sequences, Stream
from gatestream_export.training.recipe import CARRIED, Recipe


@dataclass(frozen=True)
class Window:
    """Frames of all lanes: `inputs` [L,W,...], the rest [L,W], auxiliary [L,W,n].

    `counts` tells which frames have a part in the loss, `real` which are no padding. A `reset` lane
    [L] starts from the initial state. `streams` names the streams in it, for messages.
    """

    inputs: np.ndarray
    labels: np.ndarray
    elapsed: np.ndarray
    auxiliary: np.ndarray
    counts: np.ndarray
    real: np.ndarray
    reset: np.ndarray
    streams: tuple[str, ...]


def since_change(labels: np.ndarray) -> np.ndarray:
    """Frames since the label last changed; a stream's start counts as a change."""
    index = np.arange(len(labels))
    starts = np.where(np.diff(labels, prepend=labels[:1] - 1) != 0, index, 0)
    return index - np.maximum.accumulate(starts)


AnyWindow = TypeVar("AnyWindow", bound=Window)


class WindowSource(ABC, Generic[AnyWindow]):
    """Draws windows, the same ones for the same data and recipe.

    A source that plays streams in lanes keeps them in `_lanes`: dataclasses of plain values.
    """

    _lanes: list[Any]
    _lane_type: ClassVar[type]

    def __init__(self, recipe: Recipe, key: tuple[int, ...] = ()) -> None:
        """`key` tells apart sources of one seed."""
        self._recipe = recipe
        self._rng = np.random.default_rng([recipe.seed, 99, *key])
        self._order: list[int] = []
        self._lanes = []

    @abstractmethod
    def next(self) -> AnyWindow:
        """The next window."""

    def state(self) -> dict[str, Any]:
        """Plain values from which `restore` goes on exactly."""
        return {
            "rng": self._rng.bit_generator.state,
            "order": list(self._order),
            "lanes": [dict(vars(lane)) for lane in self._lanes],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Takes a `state` back."""
        self._rng.bit_generator.state = state["rng"]
        self._order = list(state["order"])
        self._lanes = [self._lane_type(**lane) for lane in state.get("lanes", ())]

    def _draw(self, pool: int | np.ndarray) -> int:
        """The next number of a random order of `pool`; a new order when all have been drawn."""
        if not self._order:
            self._order = [int(i) for i in self._rng.permutation(pool)]
        return self._order.pop()


class _StreamWindows(WindowSource[Window]):
    """Windows of a data set's streams."""

    def __init__(self, data: Sequences, recipe: Recipe) -> None:
        super().__init__(recipe)
        self._streams = [s for s in data.streams if len(s)]
        if not self._streams:
            raise ValueError("no stream has a frame")
        self._since = [since_change(s.labels) for s in self._streams]
        self._interval = [
            float(np.median(np.diff(s.times))) if len(s) > 1 else 0.0 for s in self._streams
        ]

    def _empty(self) -> Window:
        first = self._streams[0]
        lanes, size = self._recipe.lanes, self._recipe.window
        shape = (lanes, size)
        return Window(
            inputs=np.zeros((*shape, *first.inputs.shape[1:]), first.inputs.dtype),
            labels=np.full(shape, IGNORED, np.int64),
            elapsed=np.zeros(shape, np.float32),
            auxiliary=np.zeros((*shape, first.auxiliary.shape[1]), np.float32),
            counts=np.zeros(shape, bool),
            real=np.zeros(shape, bool),
            reset=np.zeros(lanes, bool),
            streams=(),
        )

    def _draw_drop(self) -> float:
        share = float(self._rng.uniform(0, self._recipe.drop))
        return share if self._rng.random() < 0.5 else 0.0

    def _strides(self, count: int, drop: float) -> np.ndarray:
        return 1 + (self._rng.random(count) < drop)


def _fill(
    window: Window, row: int, at: int, stream: Stream, take: np.ndarray, first: float
) -> None:
    """Copies frames `take` of a stream to a row; `first` is the elapsed time of the first one."""
    to = slice(at, at + len(take))
    window.inputs[row, to] = stream.inputs[take]
    window.labels[row, to] = stream.labels[take]
    times = stream.times[take]
    window.elapsed[row, to] = np.diff(times, prepend=times[0] - first)
    window.auxiliary[row, to] = stream.auxiliary[take]
    window.real[row, to] = True


@dataclass
class _Lane:
    stream: int
    at: int
    drop: float
    last: float
    """Time of the frame before `at`; NaN at the stream's start."""
    since_reset: int
    reset: bool


class CarriedLanes(_StreamWindows):
    """Each lane plays whole streams, one after the other.

    A window goes on into the lane's next stream, the state with it. Where a reset is drawn instead,
    the window ends with the stream (the rest is padding without loss) and the next one starts from
    the initial state.
    """

    _lane_type = _Lane

    def __init__(self, data: Sequences, recipe: Recipe) -> None:
        super().__init__(data, recipe)
        self._lanes = [self._next_stream(0, True) for _ in range(recipe.lanes)]
        for lane in self._lanes:
            room = len(self._streams[lane.stream]) - recipe.window
            lane.at = int(self._rng.integers(0, room)) if room > 0 else 0

    def _next_stream(self, since_reset: int, reset: bool) -> _Lane:
        stream, drop = self._draw(len(self._streams)), self._draw_drop()
        return _Lane(stream, 0, drop, float("nan"), 0 if reset else since_reset, reset)

    def next(self) -> Window:
        window = self._empty()
        names = [self._fill_row(window, row) for row in range(self._recipe.lanes)]
        return replace(window, streams=tuple(dict.fromkeys(chain(*names))))

    def _fill_row(self, window: Window, row: int) -> list[str]:
        names: list[str] = []
        done, size = 0, self._recipe.window
        window.reset[row] = self._lanes[row].reset
        self._lanes[row].reset = False
        while done < size:
            lane = self._lanes[row]
            stream = self._streams[lane.stream]
            names.append(stream.name)
            take = lane.at + np.cumsum(self._strides(size - done, lane.drop)) - 1
            take = take[take < len(stream)]
            if len(take):
                self._play(window, row, done, lane, take)
                done += len(take)
            if lane.at >= len(stream) or not len(take):
                reset = bool(self._rng.random() < self._recipe.reset_share)
                self._lanes[row] = self._next_stream(lane.since_reset, reset)
                if reset:
                    break
        return names

    def _play(self, window: Window, row: int, at: int, lane: _Lane, take: np.ndarray) -> None:
        stream = self._streams[lane.stream]
        first = self._interval[lane.stream]
        if lane.since_reset == 0:
            first = 0.0
        elif not np.isnan(lane.last):
            first = float(stream.times[take[0]] - lane.last)
        _fill(window, row, at, stream, take, first)
        burn_in = self._recipe.burn_in
        since_reset = lane.since_reset + np.arange(len(take))
        to = slice(at, at + len(take))
        window.counts[row, to] = (
            (stream.labels[take] != IGNORED)
            & (self._since[lane.stream][take] >= burn_in)
            & (since_reset >= burn_in)
        )
        lane.at = int(take[-1]) + 1
        lane.last = float(stream.times[take[-1]])
        lane.since_reset += len(take)


class RandomWindows(_StreamWindows):
    """MiniROAD's: every window from the initial state, the loss on its last frames only.

    A stream is drawn once for each whole window in it. One shorter than the window is padded at its
    end; the loss is on its last real frames.
    """

    def __init__(self, data: Sequences, recipe: Recipe) -> None:
        super().__init__(data, recipe)
        times = [max(1, len(s) // recipe.window) for s in self._streams]
        self._every = np.repeat(np.arange(len(self._streams)), times)

    def next(self) -> Window:
        window = self._empty()
        window.reset[:] = True
        names = [self._fill_row(window, row) for row in range(self._recipe.lanes)]
        return replace(window, streams=tuple(dict.fromkeys(names)))

    def _fill_row(self, window: Window, row: int) -> str:
        size = self._recipe.window
        stream = self._streams[self._draw(self._every)]
        strides = self._strides(size, self._draw_drop())
        take = np.cumsum(strides) - strides[0]
        room = len(stream) - int(take[-1])
        take = take + (int(self._rng.integers(0, room)) if room > 0 else 0)
        take = take[take < len(stream)]
        _fill(window, row, 0, stream, take, 0.0)
        counted = slice(max(0, len(take) - self._recipe.loss_last), len(take))
        window.counts[row, counted] = stream.labels[take[counted]] != IGNORED
        return stream.name


def windows(data: Sequences, recipe: Recipe) -> WindowSource:
    """The source that the recipe's method asks for."""
    return (CarriedLanes if recipe.method == CARRIED else RandomWindows)(data, recipe)
