"""What training and evaluation see of any data set: streams of frames with a label each."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

IGNORED = -1
"""The label of a frame that has no part in loss and scores."""


@dataclass(frozen=True)
class Stream:
    """One stream, in order of time.

    `inputs` is uint8 [T,H,W,3] RGB (frames, already resized) or float32 [T,F] (cached features); it
    may be a view of a memory-mapped file. `labels` is int64 [T], IGNORED where nothing is known,
    `times` float64 [T] in seconds, `auxiliary` float32 [T,n] side features (n may be 0). `group`
    names what must not be split: the file, photograph or scene that the stream comes from.
    """

    name: str
    group: str
    inputs: np.ndarray
    labels: np.ndarray
    times: np.ndarray
    auxiliary: np.ndarray

    def __post_init__(self) -> None:
        frames = len(self.inputs)
        for what in ("labels", "times", "auxiliary"):
            if len(getattr(self, what)) != frames:
                raise ValueError(
                    f"stream {self.name}: {len(getattr(self, what))} {what} for {frames} frames"
                )
        if frames and np.any(np.diff(self.times) <= 0):
            raise ValueError(f"stream {self.name}: times do not rise")

    def __len__(self) -> int:
        return len(self.inputs)

    def elapsed(self) -> np.ndarray:
        """float32 [T]: seconds since the previous frame, 0 for the first, as in the application."""
        return np.diff(self.times, prepend=self.times[:1]).astype(np.float32)


def stream(
    name: str,
    inputs: np.ndarray,
    labels: np.ndarray,
    interval: float = 0.1,
    group: str | None = None,
    auxiliary: np.ndarray | None = None,
    times: np.ndarray | None = None,
) -> Stream:
    """A stream of regular frames, `interval` seconds apart, without side features unless given."""
    count = len(inputs)
    return Stream(
        name=name,
        group=name if group is None else group,
        inputs=inputs,
        labels=np.asarray(labels, np.int64),
        times=np.arange(count) * interval if times is None else np.asarray(times, np.float64),
        auxiliary=np.zeros((count, 0), np.float32)
        if auxiliary is None
        else np.asarray(auxiliary, np.float32),
    )


@dataclass(frozen=True)
class Sequences:
    """A data set: its class names, in the order of the label numbers, and its streams."""

    labels: tuple[str, ...]
    streams: tuple[Stream, ...]
    left_out: tuple[str, ...] = field(default=())
    """One line for each file or row that could not be used, naming it and the reason."""

    def __post_init__(self) -> None:
        for s in self.streams:
            if len(s) and (s.labels.max() >= len(self.labels) or s.labels.min() < IGNORED):
                raise ValueError(f"stream {s.name}: a label outside 0..{len(self.labels) - 1}")

    def frames(self) -> int:
        """How many frames all streams have."""
        return sum(len(s) for s in self.streams)
