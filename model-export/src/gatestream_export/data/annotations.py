"""`--annotations CSV`: video, start, end, label; what no row covers is background."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from tqdm import tqdm

from gatestream_export.data.decoding import DecodeError
from gatestream_export.data.framestore import FrameRule, FrameStore, StoredVideo, streams
from gatestream_export.data.intervals import BACKGROUND, Interval, read
from gatestream_export.data.sequences import Sequences
from gatestream_export.errors import CheckFailedError

_SLACK = 0.05
"""Seconds that a row may end after its video without a word: ends are written rounded."""


@dataclass(frozen=True)
class _Video:
    path: Path
    digest: str
    stored: StoredVideo
    rows: tuple[Interval, ...]


def load(csv: Path, rule: FrameRule, cache: Path, progress: bool = True) -> Sequences:
    """The videos that a CSV names, decoded once into `cache`, one stream each, labels by frame.

    A frame at `start` <= time < `end` has the row's label, every other frame `background`, which is
    label 0 if any frame has it; the rest are sorted. A video that does not decode is left out, a
    row beyond a video's end is cut: `left_out` names both. Raises UsageError and CheckFailedError
    as `intervals.read` does, and CheckFailedError for a label without a frame.
    """
    rows = read(csv)
    left_out: list[str] = []
    videos: list[_Video] = []
    seen: dict[str, Path] = {}
    paths = list(dict.fromkeys(row.video for row in rows))
    with FrameStore(cache, rule).opened() as store:
        for path in tqdm(paths, desc="decode", unit="video", disable=not progress):
            own = tuple(row for row in rows if row.video == path)
            try:
                digest, stored = store.add(path)
            except DecodeError as broken:
                left_out.append(f"{broken} ({csv.name} {_rows(own)})")
                continue
            if digest in seen:
                raise CheckFailedError(
                    f"{csv} {_rows(own)}: {path} is the same video as {seen[digest]}:"
                    " give all rows under one name"
                )
            seen[digest] = path
            videos.append(_Video(path, digest, stored, own))
        frames, times = store.arrays()
    if not videos:
        raise CheckFailedError("\n  ".join([f"{csv}: none of its videos decodes", *left_out]))
    names = [BACKGROUND, *sorted({row.label for row in rows} - {BACKGROUND})]
    marked = [_mark(video, times, names, csv, left_out) for video in videos]
    used = {int(label) for labels in marked for label in np.unique(labels)}
    lost = [name for index, name in enumerate(names) if index and index not in used]
    if lost:
        raise CheckFailedError(
            "\n  ".join([f"{csv}: no frame has the label {name!r}" for name in lost] + left_out)
        )
    if 0 not in used:
        names, marked = names[1:], [labels - 1 for labels in marked]
    if len(names) < 2:
        raise CheckFailedError(f"{csv}: every frame is {names[0]!r}, wanted 2 labels or more")
    parts = [
        streams(
            _name(v.path, csv),
            v.digest,
            frames[v.stored.rows],
            times[v.stored.rows],
            labels,
            v.stored.starts,
        )
        for v, labels in zip(videos, marked, strict=True)
    ]
    return Sequences(
        labels=tuple(names),
        streams=tuple(chain.from_iterable(parts)),
        left_out=tuple(left_out),
    )


def _name(video: Path, csv: Path) -> str:
    return Path(os.path.relpath(video, csv.resolve().parent)).as_posix()


def _mark(
    video: _Video, times: np.ndarray, names: list[str], csv: Path, left_out: list[str]
) -> np.ndarray:
    """int64 [T]: the label of each frame by its presentation time."""
    stamps = times[video.stored.rows]
    labels = np.zeros(len(stamps), np.int64)
    for row in video.rows:
        end = video.stored.end / 1e6
        where = f"{csv.name} row {row.row}: {row.start:g} to {row.end:g} s of {video.path.name}"
        inside = (stamps >= round(row.start * 1e6)) & (stamps < round(row.end * 1e6))
        if row.start >= end:
            left_out.append(f"{where} begins after the end at {end:g} s: left out")
        elif row.end > end + _SLACK:
            left_out.append(f"{where} goes beyond the end at {end:g} s: cut")
        if row.start < end and not inside.any():
            left_out.append(f"{where} lies between two frames: no frame has its label")
        labels[inside] = names.index(row.label)
    return labels


def _rows(rows: Iterable[Interval]) -> str:
    numbers = [str(row.row) for row in rows]
    return f"row{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"
