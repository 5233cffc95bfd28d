"""Writes the fixtures that the Java metrics are tested against.

scikit-learn computes what it has; score_reference.py the rest. Run it in the environment of
model-export, which holds a pinned scikit-learn:

    $(model-export/setup-venv)/bin/python stream-app/src/test/python/score_fixtures.py

The fixtures are then the same, byte for byte up to the last digits of floating point.
"""

from __future__ import annotations

import argparse
import json
import math
import warnings
from pathlib import Path

import numpy as np
from sklearn import metrics as sk

import score_reference as reference
from score_cases import Case, cases, holds

FOLDER = Path(__file__).parents[1] / "resources" / "score"


class Frames:
    """The frames of all streams of a case, pooled, and those of each stream."""

    def __init__(self, case: Case):
        self.case = case
        self.by_stream = []
        for stream in case.streams:
            truth, predicted = [], []
            for time, scores in zip(stream["times"], stream["scores"], strict=True):
                true = {case.labels.index(label) for label in self.true(stream["stream"], time)}
                said = self.said(scores)
                scored = case.multi_label or len(true) == 1
                truth.append(true if scored else None)
                predicted.append(said if scored else None)
            self.by_stream.append((stream, truth, predicted))
        pooled = [
            (true, said, scores)
            for stream, truth, predicted in self.by_stream
            for true, said, scores in zip(truth, predicted, stream["scores"], strict=True)
            if true is not None
        ]
        self.truth = self.matrix([row[0] for row in pooled])
        self.predicted = self.matrix([row[1] for row in pooled])
        self.scores = np.array([row[2] for row in pooled], dtype=np.float64)

    def true(self, stream: str, time: int) -> set[str]:
        true = holds(self.case.truth, stream, time)
        if not true and not self.case.multi_label and self.case.background:
            return {self.case.background}
        return true

    def said(self, scores: np.ndarray) -> set[int]:
        if not self.case.multi_label:
            return {int(np.argmax(scores))}
        bars = [self.case.thresholds.get(label, 0.5) for label in self.case.labels]
        return {i for i, bar in enumerate(bars) if float(scores[i]) >= bar}

    def matrix(self, rows: list[set[int]]) -> np.ndarray:
        return np.array([[i in row for i in range(len(self.case.labels))] for row in rows])


def by_frame(frames: Frames) -> dict:
    case = frames.case
    every = list(range(len(case.labels)))
    precision, recall, f1, support = sk.precision_recall_fscore_support(
        frames.truth, frames.predicted, average=None, zero_division=np.nan, labels=every
    )
    present = [i for i in case.foreground if support[i]]
    average = {
        i: sk.average_precision_score(frames.truth[:, i], frames.scores[:, i]) for i in present
    }
    calibrated = {
        i: reference.calibrated_average_precision(frames.truth[:, i], frames.scores[:, i])
        for i in present
    }
    values = {
        "frames": len(frames.truth),
        "macroF1": reference.mean([f1[i] for i in present]),
        "mAP": reference.mean(list(average.values())),
        "mcAP": reference.mean(list(calibrated.values())),
        "classes": [
            {
                "label": label,
                "support": int(support[i]),
                "predicted": int(frames.predicted[:, i].sum()),
                "precision": precision[i],
                "recall": recall[i],
                "f1": f1[i],
                "averagePrecision": average.get(i, math.nan),
                "calibratedAveragePrecision": calibrated.get(i, math.nan),
            }
            for i, label in enumerate(case.labels)
        ],
    }
    if case.multi_label:
        some = case.foreground
        values["frameAccuracy"] = sk.accuracy_score(
            frames.truth[:, some], frames.predicted[:, some]
        )
        values["balancedAccuracy"] = reference.mean([recall[i] for i in some])
        values["calibrationError"] = reference.calibration_error(
            frames.scores[:, some].ravel(), frames.truth[:, some].ravel()
        )
        return values
    true, said = frames.truth.argmax(axis=1), frames.predicted.argmax(axis=1)
    values["frameAccuracy"] = sk.accuracy_score(true, said)
    values["balancedAccuracy"] = sk.balanced_accuracy_score(true, said)
    values["confusionMatrix"] = sk.confusion_matrix(true, said, labels=every).tolist()
    values["calibrationError"] = reference.calibration_error(
        frames.scores.max(axis=1), true == said
    )
    values["topK"] = {str(k): top(frames, true, k) for k in (2, 3, 5) if k < len(every)}
    return values


def top(frames: Frames, true: np.ndarray, k: int) -> float:
    """scikit-learn's where no scores tie; it prefers the higher index of equals, we the lower."""
    labels = list(range(len(frames.case.labels)))
    tied = any(len(set(row)) < len(row) for row in frames.scores.tolist())
    if not tied and len(labels) > 2:
        return sk.top_k_accuracy_score(true, frames.scores, k=k, labels=labels)
    best = np.argsort(-frames.scores, axis=1, kind="stable")[:, :k]
    return float(np.mean([label in row for label, row in zip(true, best, strict=True)]))


def stretches(case: Case, stream: dict) -> list[tuple[int, int, int]]:
    """The truth file's own, touching ones of a class joined, that have a frame."""
    found = []
    for label in case.foreground:
        rows = sorted(
            (round(row["start"] * 1e6), round(row["end"] * 1e6))
            for row in case.truth
            if row["stream"] == stream["stream"] and row["label"] == case.labels[label]
        )
        # an interval without a frame is no part of anything
        rows = [row for row in rows if any(row[0] <= time < row[1] for time in stream["times"])]
        joined: list[list[int]] = []
        for start, end in rows:
            if joined and start <= joined[-1][1]:
                joined[-1][1] = max(end, joined[-1][1])
            else:
                joined.append([start, end])
        found += [(label, start, end) for start, end in joined]
    return found


def by_segment(frames: Frames) -> dict:
    overlaps = {10: [], 25: [], 50: []}
    edits = []
    for stream, truth, predicted in frames.by_stream:
        true = reference.segments(stream["times"], truth, frames.case.foreground)
        said = reference.segments(stream["times"], predicted, frames.case.foreground)
        for percent, values in overlaps.items():
            values.append(reference.segment_f1(true, said, percent))
        edits.append(reference.edit_score(true, said))
    return {
        "segmentF1": {str(k): reference.mean(values) for k, values in overlaps.items()},
        "editScore": reference.mean(edits),
    }


def online(frames: Frames) -> dict:
    case = frames.case
    delays, undetected, alarms, changes, seconds = [], 0, 0, 0, 0.0
    for stream, truth, predicted in frames.by_stream:
        true = stretches(case, stream)
        for label, start, end in true:
            seen = [
                time
                for time, said in zip(stream["times"], predicted, strict=True)
                if start <= time < end and said is not None and label in said
            ]
            if seen:
                delays.append((min(seen) - start) / 1e6)
            else:
                undetected += 1
        for label, start, end in reference.segments(stream["times"], predicted, case.foreground):
            alarms += not any(
                label == other and start < other_end and other_start < end
                for other, other_start, other_end in true
            )
        wanted = set(case.foreground) if case.multi_label else set(range(len(case.labels)))
        for before, after in zip(predicted, predicted[1:], strict=False):
            if before is not None and after is not None:
                changed = len((before ^ after) & wanted)
                changes += changed if case.multi_label else changed // 2
        ends = reference.frame_ends(stream["times"])
        seconds += sum(
            (end - time) / 1e6
            for time, end, true_ in zip(stream["times"], ends, truth, strict=True)
            if true_ is not None
        )
    return {
        "seconds": seconds,
        "detectionDelaySeconds": {
            "median": np.percentile(delays, 50) if delays else math.nan,
            "p90": np.percentile(delays, 90) if delays else math.nan,
            "detected": len(delays),
            "undetected": undetected,
        },
        "falseAlarmsPerHour": alarms / seconds * 3600,
        "labelChangesPerMinute": changes / seconds * 60,
        "startAP": {
            str(offset): reference.mean(
                [start_average(frames, label, offset) for label in case.foreground]
            )
            for offset in range(1, 11)
        },
    }


def start_average(frames: Frames, label: int, offset: int) -> float:
    true, predicted = {}, []
    for stream, _, said in frames.by_stream:
        name = stream["stream"]
        true[name] = [row[1] for row in stretches(frames.case, stream) if row[0] == label]
        for _, start, _ in reference.segments(stream["times"], said, [label]):
            frame = stream["times"].index(start)
            predicted.append((float(stream["scores"][frame][label]), name, start))
    return reference.start_average_precision(true, predicted, offset * 1_000_000)


def plain(value):
    """Numbers as JSON has them: NaN as null."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, float | np.floating):
        return None if math.isnan(value) else float(value)
    return value


def expected(case: Case) -> dict:
    frames = Frames(case)
    return plain({**by_frame(frames), **by_segment(frames), **online(frames)})


def fixture(case: Case) -> dict:
    return {
        "labels": case.labels,
        "background": case.background,
        "multiLabel": case.multi_label,
        "thresholds": case.thresholds,
        "truth": case.truth,
        "streams": [
            {**stream, "scores": [[float(score) for score in row] for row in stream["scores"]]}
            for stream in case.streams
        ],
        "expected": expected(case),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    for case in cases():
        file = folder / f"{case.name}.json"
        file.write_text(json.dumps(fixture(case)) + "\n", encoding="utf-8")
        print(file)


if __name__ == "__main__":
    main()
