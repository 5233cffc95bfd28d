"""Folders of pictures and clips, as the frames that a bundle takes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from gatestream_export.bundle.golden import FRAMES, Shot, shots
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.data.decoding import SUFFIXES, DecodeError, VideoFile
from gatestream_export.data.truth import Segment, read_truth, segment_at
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.picture import still, video
from gatestream_export.picture.resize import ResizeRule

PICTURES = (".jpg", ".jpeg", ".png")
CLIPS = tuple(sorted(SUFFIXES))
GOLDEN_RUNS = 8
ROUNDING = 0.001
"""Seconds by which a frame may come before the start of its segment in truth.csv."""

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sequence:
    """Consecutive frames of one stream, uint8 [T,H,W,3], and seconds since the previous [T].

    `labels` is int64 [T], absent where nothing is known.
    """

    name: str
    frames: np.ndarray
    elapsed: np.ndarray
    labels: np.ndarray | None = None


def files(folder: Path) -> list[Path]:
    """The pictures and clips of a folder and below, by name."""
    if not folder.is_dir():
        raise UsageError(f"no such folder: {folder}")
    found = sorted(f for f in folder.rglob("*") if f.suffix.lower() in (*PICTURES, *CLIPS))
    if not found:
        raise UsageError(
            f"{folder} holds no picture or clip: expected files such as *.jpg, *.png or *.mp4"
        )
    return found


def clip(
    file: Path, interval: float, rule: ResizeRule | None = None
) -> Iterator[tuple[float, np.ndarray]]:
    """(seconds since the first frame, RGB) of the frames that the application would label.

    With a rule the pictures are for its `apply`, without one of their own size.

    Raises:
        CheckFailedError: the clip does not decode.
    """
    try:
        for picture in VideoFile(file, round(interval * 1e6), rule=rule):
            yield picture.micros / 1e6, picture.rgb
    except DecodeError as broken:
        raise CheckFailedError(str(broken)) from broken


def _runs(
    folder: Path, interval: float, rule: ResizeRule | None = None
) -> Iterator[Iterable[np.ndarray]]:
    """The pictures of a folder as one run, then each clip; logs what does not decode."""
    found = files(folder)
    pictures = [f for f in found if f.suffix.lower() in PICTURES]
    if pictures:
        decoded = (_picture(file, rule) for file in pictures)
        yield (p for p in decoded if p is not None)
    for file in found:
        if file.suffix.lower() in CLIPS:
            yield _usable(file, interval, rule)


def _picture(file: Path, rule: ResizeRule | None) -> np.ndarray | None:
    try:
        data = file.read_bytes()
        return video.decode_image(data) if rule is None else still.decode(data, rule)
    except ValueError as broken:
        LOG.warning("%s is left out: %s", file, broken)
        return None


def _usable(file: Path, interval: float, rule: ResizeRule | None) -> Iterator[np.ndarray]:
    try:
        for _, picture in clip(file, interval, rule):
            yield picture
    except CheckFailedError as broken:
        LOG.warning("the rest is left out: %s", broken)


def frames(folder: Path, rule: ResizeRule, interval: float, most: int) -> np.ndarray:
    """At most `most` frames, spread evenly over all of the folder, by the rule: [T,H,W,3]."""
    kept: list[np.ndarray] = []
    stride, index = 1, 0
    for run in _runs(folder, interval, rule):
        for picture in run:
            if index % stride == 0:
                kept.append(rule.apply(picture))
            index += 1
            if len(kept) >= 2 * most:
                kept, stride = kept[::2], stride * 2
    if not kept:
        raise CheckFailedError(f"{folder}: no picture or clip decodes")
    return np.stack(kept)[np.unique(np.linspace(0, len(kept) - 1, most).astype(int))]


def golden_runs(folder: Path, interval: float, auxiliary: int) -> list[list[Shot]]:
    """The first frames of each run of a folder, of their own sizes: candidates for golden/."""
    starts = (list(islice(run, FRAMES)) for run in _runs(folder, interval))
    return [shots(run, interval, auxiliary) for run in islice(starts, GOLDEN_RUNS) if run]


def labelled(folder: Path, bundle: Bundle) -> list[Sequence]:
    """Clips with truth.csv (stream, start, end, label), every frame that the bundle would see.

    Raises:
        UsageError: a missing file. CheckFailedError: a label that the bundle lacks, or a time
            without one.
    """
    labels = bundle.contract.labels
    sequences = []
    for stream, truth in read_truth(folder / "truth.csv").items():
        file = next((f for s in CLIPS if (f := folder / f"{stream}{s}").is_file()), None)
        if file is None:
            raise UsageError(f"missing file: {folder / stream}.mp4, named in truth.csv")
        unknown = sorted({s.label for s in truth} - set(labels))
        if unknown:
            raise CheckFailedError(
                f"{folder / 'truth.csv'}: {stream} has the labels {unknown}, which the bundle"
                f" lacks: it knows {list(labels)}"
            )
        sequences.append(_label(file, truth, bundle))
    return sequences


def _label(file: Path, truth: list[Segment], bundle: Bundle) -> Sequence:
    interval = interval_of(bundle)
    times, pictures, found = [], [], []
    for seconds, picture in clip(file, interval, bundle.resize):
        segment = segment_at(truth, seconds + ROUNDING, seconds, file.name)
        times.append(seconds)
        pictures.append(bundle.resize.apply(picture))
        found.append(bundle.contract.labels.index(segment.label))
    if not pictures:
        raise CheckFailedError(f"{file} has no frame")
    elapsed = np.diff(np.array(times), prepend=times[0]).astype(np.float32)
    return Sequence(file.stem, np.stack(pictures), elapsed, np.array(found))


def interval_of(bundle: Bundle) -> float:
    """Seconds between the frames that a bundle takes; 0 means every frame."""
    return bundle.contract.document["input"]["frameIntervalMillis"] / 1000
