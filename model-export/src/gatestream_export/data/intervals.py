"""The rows of an annotations file, checked; every problem is reported, with its row."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gatestream_export.errors import CheckFailedError, UsageError

if TYPE_CHECKING:
    from _csv import Reader

COLUMNS = ("video", "start", "end", "label")
BACKGROUND = "background"


@dataclass(frozen=True)
class Interval:
    """A row: seconds of a video, from `start` (included) to `end` (excluded), and the label.

    `row` is the line in the file, as editors and spreadsheets count; the header is row 1.
    """

    row: int
    video: Path
    start: float
    end: float
    label: str


def read(file: Path) -> list[Interval]:
    """All rows, in the file's order; videos are relative to the file's folder.

    Raises UsageError where there is no such file, and CheckFailedError that lists every problem
    with its row: header, numbers, videos that are not there, intervals that overlap.
    """
    if not file.is_file():
        raise UsageError(f"no such annotations file: {file}")
    problems: list[str] = []
    intervals: list[Interval] = []
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            intervals = list(_intervals(file, csv.reader(lines, strict=True), problems))
    except UnicodeDecodeError as broken:
        problems.append(f"not UTF-8 at byte {broken.start}: save it as UTF-8")
    problems += _overlaps(intervals)
    if not problems and not intervals:
        problems.append("it has no rows")
    if problems:
        raise CheckFailedError("\n  ".join(f"{file}: {problem}" for problem in problems))
    return intervals


def _intervals(file: Path, reader: Reader, problems: list[str]) -> Iterator[Interval]:
    columns: list[str] | None = None
    try:
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            if columns is None:
                columns = [field.strip() for field in fields]
                problem = _header_problem(columns)
                if problem:
                    problems.append(f"row {reader.line_num}: {problem}")
                    return
                continue
            if len(fields) != len(columns):
                problems.append(
                    f"row {reader.line_num}: {len(fields)} fields, wanted {len(columns)}"
                )
                continue
            values = dict(zip(columns, (field.strip() for field in fields), strict=True))
            found = _row_problems(file, values)
            problems += [f"row {reader.line_num}: {problem}" for problem in found]
            if not found:
                yield Interval(
                    row=reader.line_num,
                    video=_path(file, values["video"]),
                    start=float(values["start"]),
                    end=float(values["end"]),
                    label=values["label"],
                )
    except csv.Error as broken:
        problems.append(f"row {reader.line_num}: {broken}")
    if columns is None:
        problems.append(f"it is empty, wanted the header {','.join(COLUMNS)}")


def _header_problem(columns: list[str]) -> str | None:
    if sorted(columns) == sorted(COLUMNS):
        return None
    separators = " (separated by commas)" if len(columns) == 1 else ""
    parts = [f"header {','.join(columns)}, wanted {','.join(COLUMNS)}{separators}"]
    missing = [name for name in COLUMNS if name not in columns]
    unknown = [name for name in columns if name not in COLUMNS]
    parts += [f"missing {', '.join(missing)}"] if missing else []
    parts += [f"unknown {', '.join(unknown)}"] if unknown else []
    return "; ".join(parts)


def _row_problems(file: Path, values: dict[str, str]) -> list[str]:
    problems = []
    if not values["video"]:
        problems.append("the video is empty")
    elif not _path(file, values["video"]).is_file():
        problems.append(f"no such video: {_path(file, values['video'])}")
    if not values["label"]:
        problems.append("the label is empty")
    times = {}
    for name in ("start", "end"):
        try:
            times[name] = float(values[name])
        except ValueError:
            times[name] = math.nan
        if not math.isfinite(times[name]):
            problems.append(f"{name} {values[name]!r} is not a number of seconds")
        elif times[name] < 0:
            problems.append(f"{name} {values[name]} is negative")
    if times["start"] >= times["end"]:
        problems.append(f"start {values['start']} is not before end {values['end']}")
    return problems


def _path(file: Path, video: str) -> Path:
    return (file.parent / video).resolve()


def _overlaps(intervals: list[Interval]) -> Iterator[str]:
    """Softmax gives a frame one label, so no two rows of a video may share a time."""
    longest: dict[Path, Interval] = {}
    for row in sorted(intervals, key=lambda i: (i.start, i.end, i.row)):
        other = longest.get(row.video)
        if other is not None and row.start < other.end:
            first, second = sorted((row, other), key=lambda i: i.row)
            spans = f"{_span(first)} and {_span(second)} of {row.video.name}"
            if row.label == other.label:
                yield (
                    f"rows {first.row} and {second.row}: the label {row.label!r} overlaps itself,"
                    f" {spans}"
                )
            else:
                yield (
                    f"rows {first.row} and {second.row}: {first.label!r} and {second.label!r}"
                    f" overlap, {spans}, and a frame has one label"
                )
        if other is None or row.end > other.end:
            longest[row.video] = row


def _span(row: Interval) -> str:
    return f"{row.start:g} to {row.end:g} s"
