"""truth.csv: which label is true of a stream and when; written beside clips and read back."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gatestream_export.errors import CheckFailedError, UsageError

HEADER = ("stream", "start", "end", "label")


@dataclass(frozen=True)
class Segment:
    """One line of truth.csv; seconds, from `start` (included) to `end` (excluded)."""

    stream: str
    start: float
    end: float
    label: str


def write(file: Path, segments: Iterable[Segment]) -> None:
    """Writes truth.csv, times with one decimal."""
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows([s.stream, f"{s.start:.1f}", f"{s.end:.1f}", s.label] for s in segments)


def read_truth(file: Path) -> dict[str, list[Segment]]:
    """truth.csv by stream, in the file's order."""
    if not file.is_file():
        raise UsageError(f"missing file: {file}")
    with file.open(newline="", encoding="utf-8") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != HEADER:
            raise CheckFailedError(f"{file}: header {reader.fieldnames}, wanted {list(HEADER)}")
        streams: dict[str, list[Segment]] = {}
        for row in reader:
            try:
                start, end = float(row["start"]), float(row["end"])
            except (TypeError, ValueError):
                raise CheckFailedError(
                    f"{file}, line {reader.line_num}: start and end {row['start']!r} and"
                    f" {row['end']!r}, wanted numbers of seconds"
                ) from None
            segment = Segment(row["stream"], start, end, row["label"])
            streams.setdefault(segment.stream, []).append(segment)
    return streams


def segment_at(truth: Sequence[Segment], at: float, seconds: float, name: str) -> Segment:
    """The segment of a time `at`; CheckFailedError with the file and the frame's `seconds`."""
    found = next((s for s in truth if s.start <= at < s.end), None)
    if found is None:
        raise CheckFailedError(f"{name}: truth.csv has nothing at {seconds:.2f} s")
    return found
