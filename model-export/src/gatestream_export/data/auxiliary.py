"""Side features of clips from a CSV file: numbers that change over time beside the picture."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import numpy as np

from gatestream_export.data.sequences import Sequences, Stream
from gatestream_export.errors import UsageError

HEADER = "video,time,v1,...,vn"


@dataclasses.dataclass(frozen=True)
class SideFeatures:
    """Rows by video: times float64 [R], rising, and values float32 [R,n]."""

    size: int
    rows: dict[str, tuple[np.ndarray, np.ndarray]]

    def at(self, video: str, times: np.ndarray) -> np.ndarray:
        """float32 [T,n]: for each time the latest row at or before it, zeros before the first."""
        known, values = self.rows[video]
        # Decoded times are rounded: a row written for a frame's own time belongs to that frame.
        latest = np.searchsorted(known, times + 1e-6, side="right")
        return np.concatenate([np.zeros((1, self.size), np.float32), values])[latest]


def read(file: Path) -> SideFeatures:
    """Reads `video,time,v1,...,vn` with that header; UsageError names the row that is wrong.

    `video` is the path as in the data, relative to its folder; `time` is in seconds from the
    video's first frame. Rows of one video need not be sorted, but no two may have the same time.
    """
    if not file.is_file():
        raise UsageError(f"missing file: {file}")
    found: dict[str, dict[float, list[float]]] = {}
    with file.open(newline="", encoding="utf-8-sig") as text:
        rows = csv.reader(text)
        header = [name.strip() for name in next(rows, [])]
        if header[:2] != ["video", "time"] or len(header) < 3:
            raise UsageError(f"{file}: the first line is {','.join(header)!r}, wanted {HEADER}")
        for row in rows:
            if not row:
                continue
            where = f"{file}, line {rows.line_num}"
            if len(row) != len(header):
                raise UsageError(f"{where}: {len(row)} columns, the first line has {len(header)}")
            try:
                numbers = [float(value) for value in row[1:]]
            except ValueError as wrong:
                raise UsageError(f"{where}: {wrong}") from None
            if not np.isfinite(numbers).all():
                raise UsageError(f"{where}: a value that is not a finite number")
            times = found.setdefault(row[0].strip(), {})
            if numbers[0] in times:
                raise UsageError(f"{where}: a second row of {row[0]} at {numbers[0]:g} s")
            times[numbers[0]] = numbers[1:]
    if not found:
        raise UsageError(f"{file} has no rows")
    size = len(header) - 2
    return SideFeatures(size, {video: _sorted(times) for video, times in found.items()})


def _sorted(times: dict[float, list[float]]) -> tuple[np.ndarray, np.ndarray]:
    order = sorted(times)
    return np.array(order, np.float64), np.array([times[t] for t in order], np.float32)


def video_of(stream: str) -> str:
    """The video of a stream: one with gaps is several streams, the second named VIDEO#2."""
    video, mark, part = stream.rpartition("#")
    return video if mark and part.isdecimal() else stream


def add(data: Sequences, features: SideFeatures) -> Sequences:
    """The streams with their side features; those of a video without a row are left out, named."""
    kept: list[Stream] = []
    left_out = list(data.left_out)
    for s in data.streams:
        video = s.name if s.name in features.rows else video_of(s.name)
        if video not in features.rows:
            left_out.append(f"{s.name}: no row in the file of side features")
            continue
        kept.append(dataclasses.replace(s, auxiliary=features.at(video, s.times)))
    if not kept:
        raise UsageError("no clip has a row in the file of side features; see its column `video`")
    return dataclasses.replace(data, streams=tuple(kept), left_out=tuple(left_out))
