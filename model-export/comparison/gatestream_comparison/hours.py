"""An hour in one pass: test clips one after the other, without a reset, and accuracy by time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from gatestream_comparison.motion_data import MotionSet
from gatestream_export.objectmotion.motion import FRAMES_PER_SECOND

CELL = 10 * FRAMES_PER_SECOND
"""Frames of a cell of time, in which hits are counted: 10 seconds."""

EDGES_SECONDS = (0, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600)
"""Bins of the time since the reset."""

BLOCK_SECONDS = 30


@dataclass(frozen=True)
class Hours:
    """Streams [S,P] of clip numbers to be played one after the other, `frames` frames of each."""

    order: np.ndarray
    frames: int

    def pieces(self, length: int, chunk: int) -> Iterator[tuple[int, int]]:
        """Starts of chunks: (frame of the hour, frame of the clip of `length` frames)."""
        for at in range(0, self.frames, length):
            for start in range(0, min(length, self.frames - at), chunk):
                yield at + start, start


def orders(clips: int, positions: int) -> np.ndarray:
    """One stream a clip [clips, positions]: at each position every clip is played by one stream.

    So no bin of time holds easier clips than another. The neighbours differ from stream to stream
    (the zigzag of a balanced Latin square).
    """
    zigzag = [(i + 1) // 2 if i % 2 else -(i // 2) for i in range(positions)]
    return (np.arange(clips)[:, None] + np.array(zigzag)[None, :]) % clips


def plan(motion: MotionSet, frames: int) -> Hours:
    """Streams of `frames` frames from the clips."""
    clips, length = motion.label.shape
    return Hours(orders(clips, -(-frames // length)), frames)


def counts(motion: MotionSet, hours: Hours, predicted: np.ndarray) -> dict[str, Any]:
    """Settled hits and frames of each stream and cell of time, and the photograph of each cell.

    A cell that holds two clips, as happens with very short clips only, counts for its first one.
    """
    _clips, length = motion.label.shape
    label = motion.label[hours.order].reshape(len(hours.order), -1)[:, : hours.frames]
    settled = motion.settled()[hours.order].reshape(len(hours.order), -1)[:, : hours.frames]
    starts = np.arange(0, hours.frames, CELL)
    names = sorted(set(motion.photograph))
    number = np.array([names.index(p) for p in motion.photograph])
    return {
        "hits": np.add.reduceat((predicted == label) & settled, starts, axis=1, dtype=int).tolist(),
        "frames": np.add.reduceat(settled, starts, axis=1, dtype=int).tolist(),
        "photograph": number[hours.order[:, starts // length]].tolist(),
        "photographs": names,
    }


def bins(frames: int) -> list[tuple[int, int]]:
    """The bins as ranges of cells, the last cut at the stream's end."""
    cells = -(-frames // CELL)
    edges = [e * FRAMES_PER_SECOND // CELL for e in EDGES_SECONDS]
    edges = [e for e in edges if e < cells] + [cells]
    return list(itertools.pairwise(edges))
