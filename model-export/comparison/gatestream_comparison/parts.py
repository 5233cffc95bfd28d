"""Data sets derived from the clips: as they are, irregular, from two cameras."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gatestream_comparison.motion_data import MotionSet, encode
from gatestream_export.data.sequences import IGNORED, Sequences, Stream, stream
from gatestream_export.objectmotion.clips import ClipSet
from gatestream_export.objectmotion.motion import FRAMES_PER_SECOND, LABELS

RATES = (3.0, 10.0)
"""Irregular streams: frames a second that are kept, drawn anew for each stretch of RATE_FRAMES."""

RATE_FRAMES = (20, 60)
DROP_SEED = 77


@dataclass(frozen=True)
class Part:
    """Streams with, for each of their frames, whether it counts for settled accuracy."""

    streams: tuple[Stream, ...]
    settled: tuple[np.ndarray, ...]

    def training(self) -> Sequences:
        """All labels."""
        return Sequences(LABELS, self.streams)

    def scored(self) -> Sequences:
        """The streams with the labels of frames that are not settled left out."""
        return Sequences(
            LABELS,
            tuple(
                replace(s, labels=np.where(m, s.labels, IGNORED))
                for s, m in zip(self.streams, self.settled, strict=True)
            ),
        )

    def keep(self, wanted: Callable[[str], bool]) -> Part:
        """The streams of some groups (photographs)."""
        rows = [i for i, s in enumerate(self.streams) if wanted(s.group)]
        return Part(tuple(self.streams[i] for i in rows), tuple(self.settled[i] for i in rows))


@dataclass(frozen=True)
class Parts:
    """A data set with its three sides."""

    training: Part
    validation: Part
    test: Part


@dataclass(frozen=True)
class Source:
    """Where the data comes from; `mirrored` and `subset` bound the clips of their experiments.

    `subset` are training clips, frames of each, test clips and frames of each: what the large
    encoders see.
    """

    encoder: Path
    photographs: Path
    work: Path
    train: ClipSet
    validation: ClipSet
    test: ClipSet
    mirrored: int = 200
    subset: tuple[int, int, int, int] = (60, 200, 10, 400)
    hour: int = 36_000
    """Frames of the drift test's streams."""
    processes: int = 2

    def encoded(
        self, clip_set: ClipSet, clips: int | None = None, mirrored: bool = False
    ) -> MotionSet:
        """Features of the set by the bundle's encoder."""
        return encode(
            self.encoder,
            clip_set,
            self.photographs,
            self.work,
            clips=clips,
            mirrored=mirrored,
            processes=self.processes,
        )

    def prepare(self) -> None:
        """Renders and encodes everything that `load` will ask for."""
        for clip_set in (self.train, self.validation, self.test):
            self.encoded(clip_set)
        self.encoded(self.train, self.mirrored, True)
        for clip_set in (self.validation, self.test):
            self.encoded(clip_set, None, True)


def regular(motion: MotionSet) -> Part:
    """The clips as they are, 10 frames a second."""
    return Part(motion.streams(), tuple(motion.settled()))


def kept_frames(length: int, rng: np.random.Generator) -> np.ndarray:
    """Which of `length` frames an irregular stream keeps: rising indices, the first among them."""
    kept = np.zeros(length, bool)
    at = 0
    while at < length:
        frames = int(rng.integers(RATE_FRAMES[0], RATE_FRAMES[1] + 1))
        share = rng.uniform(*RATES) / FRAMES_PER_SECOND
        part = kept[at : at + frames]
        part[:] = rng.random(len(part)) < share
        at += frames
    kept[0] = True
    return np.flatnonzero(kept)


def irregular(motion: MotionSet, side: int) -> Part:
    """The clips with frames dropped at random, without padding; the same ones for the same `side`.

    A frame is settled from half a second of scene time after a change, dropped frames counted.
    """
    streams, settled = [], []
    masks = motion.settled()
    for i in range(len(motion)):
        rng = np.random.default_rng([DROP_SEED, side, i])
        kept = kept_frames(motion.label.shape[1], rng)
        name = motion.photograph[i]
        streams.append(
            stream(
                f"{name} #{i} irregular",
                motion.features[i][kept],
                motion.label[i][kept],
                group=name,
                times=kept / FRAMES_PER_SECOND,
            )
        )
        settled.append(masks[i][kept])
    return Part(tuple(streams), tuple(settled))


def both_cameras(plain: MotionSet, mirrored: MotionSet) -> Part:
    """Every clip from either camera; side feature 0 for the plain one, 1 for the mirrored one.

    The label is the thing's motion in the scene. Pictures alone cannot tell the cameras apart.
    """
    streams: list[Stream] = []
    for motion, value in ((plain, 0.0), (mirrored, 1.0)):
        side = np.full((motion.label.shape[1], 1), value, np.float32)
        streams += [replace(s, auxiliary=side) for s in motion.streams()]
    return Part(tuple(streams), (*plain.settled(), *mirrored.settled()))
