"""Plain reference of the metrics that scikit-learn does not have, one definition after the other.

Written for reading, not for speed, and apart from the Java code: docs/evaluation.md is the only
thing that both follow. Times are whole microseconds. `truth` and `predicted` of a stream are lists,
one entry a frame, of the set of classes that hold; None marks a frame that is not scored.
"""

from __future__ import annotations

import itertools

import numpy as np

Segments = list[tuple[int, int, int]]  # class, start, end


def frame_ends(times: list[int]) -> list[int]:
    intervals = sorted(b - a for a, b in itertools.pairwise(times))
    last = intervals[(len(intervals) - 1) // 2] if intervals else 1
    return [*times[1:], times[-1] + last]


def segments(times: list[int], labels: list[set[int] | None], classes: list[int]) -> Segments:
    ends = frame_ends(times)
    found = []
    for wanted in classes:
        frames = [label is not None and wanted in label for label in labels]
        for on, run in itertools.groupby(range(len(frames)), key=lambda i: frames[i]):
            indices = list(run)
            if on:
                found.append((wanted, times[indices[0]], ends[indices[-1]]))
    return sorted(found, key=lambda segment: (segment[1], segment[0]))


def segment_f1(truth: Segments, predicted: Segments, percent: int) -> float:
    """F1@k after the evaluation code of Lea et al. 2017, with exact fractions."""
    if not truth and not predicted:
        return np.nan
    hits = [False] * len(truth)
    true_positives = 0
    for label, start, end in predicted:
        overlaps = []
        for other, other_start, other_end in truth:
            intersection = min(end, other_end) - max(start, other_start)
            union = max(end, other_end) - min(start, other_start)
            overlaps.append(max(0, intersection) / union * (label == other))
        best = int(np.argmax(overlaps)) if overlaps else -1
        if best >= 0 and overlaps[best] >= percent / 100 and not hits[best]:
            true_positives += 1
            hits[best] = True
    false_positives = len(predicted) - true_positives
    misses = len(truth) - sum(hits)
    return 2 * true_positives / (2 * true_positives + false_positives + misses)


def edit_score(truth: Segments, predicted: Segments) -> float:
    a = [segment[0] for segment in predicted]
    b = [segment[0] for segment in truth]
    if not a and not b:
        return np.nan
    table = np.zeros((len(a) + 1, len(b) + 1))
    table[:, 0] = range(len(a) + 1)
    table[0, :] = range(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i, j] = min(
                table[i - 1, j] + 1,
                table[i, j - 1] + 1,
                table[i - 1, j - 1] + (a[i - 1] != b[j - 1]),
            )
    return 1 - table[-1, -1] / max(len(a), len(b))


def calibrated_average_precision(truth: np.ndarray, scores: np.ndarray) -> float:
    """De Geest et al. 2016, at the distinct scores: precision is w TP / (w TP + FP)."""
    positive = int(truth.sum())
    if positive == 0:
        return np.nan
    w = (len(truth) - positive) / positive
    average, recall_before = 0.0, 0.0
    for threshold in sorted(set(scores.tolist()), reverse=True):
        chosen = scores >= threshold
        tp = int((truth & chosen).sum())
        fp = int((~truth & chosen).sum())
        precision = 1.0 if fp == 0 else w * tp / (w * tp + fp)
        recall = tp / positive
        average += (recall - recall_before) * precision
        recall_before = recall
    return average


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """Guo et al. 2017: mean of |accuracy - confidence| of the bins, by their share of decisions."""
    if len(confidence) == 0:
        return np.nan
    index = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    error = 0.0
    for bin_ in range(bins):
        inside = index == bin_
        if inside.any():
            gap = abs(right[inside].mean() - confidence[inside].mean())
            error += inside.sum() / len(confidence) * gap
    return error


def start_average_precision(
    true_starts: dict[str, list[int]], predicted: list[tuple[float, str, int]], offset: int
) -> float:
    """Shou et al. 2018, of one class: predicted starts are (score, stream, time)."""
    total = sum(len(starts) for starts in true_starts.values())
    if total == 0:
        return np.nan
    free = {stream: list(starts) for stream, starts in true_starts.items()}
    outcome = []
    for score, stream, time in sorted(predicted, key=lambda start: (-start[0], start[1], start[2])):
        candidates = free.get(stream, [])
        nearest = min(candidates, key=lambda start: abs(start - time), default=None)
        right = nearest is not None and abs(nearest - time) <= offset
        if right:
            candidates.remove(nearest)
        outcome.append((score, right))
    average, recall_before = 0.0, 0.0
    for threshold in sorted({score for score, _ in outcome}, reverse=True):
        chosen = [right for score, right in outcome if score >= threshold]
        recall = sum(chosen) / total
        average += (recall - recall_before) * sum(chosen) / len(chosen)
        recall_before = recall
    return average


def mean(values: list[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else np.nan
