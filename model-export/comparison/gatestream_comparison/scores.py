"""What is measured of a trained network: carried, from zero, over an hour, on irregular frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from gatestream_comparison import hours, kinds, parts
from gatestream_comparison.motion_data import MotionSet
from gatestream_export.nets.recurrent import Recurrent
from gatestream_export.objectmotion.evaluation import SETTLED_FROM
from gatestream_export.objectmotion.motion import LABELS
from gatestream_export.training import evaluation
from gatestream_export.training.networks import Networks

WINDOW = 100
"""Frames of a window from zero."""


def labels_of(network: Recurrent, part: parts.Part) -> list[np.ndarray]:
    """The top label of each frame, each stream from the zero state to its end."""
    found = evaluation.logits(Networks(None, network), part.streams)
    return [values.argmax(axis=1) for values in found]


def summary(part: parts.Part, predicted: list[np.ndarray]) -> dict[str, Any]:
    """Settled and raw accuracy, and the settled counts [right, all] of photographs and classes."""
    photographs: dict[str, list[int]] = {}
    classes = np.zeros((len(LABELS), 2), int)
    right = total = 0
    for s, mask, guess in zip(part.streams, part.settled, predicted, strict=True):
        hits = guess == s.labels
        counts = photographs.setdefault(s.group, [0, 0])
        counts[0] += int(hits[mask].sum())
        counts[1] += int(mask.sum())
        np.add.at(classes[:, 0], s.labels[mask], hits[mask])
        np.add.at(classes[:, 1], s.labels[mask], 1)
        right += int(hits.sum())
        total += len(hits)
    settled = np.sum(list(photographs.values()), axis=0)
    return {
        "settled": float(settled[0] / max(1, settled[1])),
        "raw": right / max(1, total),
        "photographs": photographs,
        "classes": {name: classes[i].tolist() for i, name in enumerate(LABELS)},
    }


def windows_from_zero(part: parts.Part, size: int = WINDOW) -> parts.Part:
    """Each stream cut into windows; settled also means so many frames after a window's start."""
    streams, settled = [], []
    for s, mask in zip(part.streams, part.settled, strict=True):
        for start in range(0, len(s), size):
            at = slice(start, start + size)
            streams.append(
                replace(
                    s,
                    name=f"{s.name} from {start}",
                    inputs=s.inputs[at],
                    labels=s.labels[at],
                    times=s.times[at],
                    auxiliary=s.auxiliary[at],
                )
            )
            late = np.arange(len(streams[-1])) >= SETTLED_FROM
            settled.append(mask[at] & late)
    return parts.Part(tuple(streams), tuple(settled))


def _of(part: parts.Part, network: Recurrent) -> dict[str, Any]:
    return summary(part, labels_of(network, part))


def _test(network: Recurrent, source: parts.Source, kind: str) -> dict[str, Any]:
    return _of(kinds.load(source, kind).test, network)


def _zero(network: Recurrent, source: parts.Source, kind: str) -> dict[str, Any]:
    return _of(windows_from_zero(kinds.load(source, kind).test), network)


def _irregular(network: Recurrent, source: parts.Source, kind: str) -> dict[str, Any]:
    return _of(kinds.load(source, "irregular").test, network)


def _regular(network: Recurrent, source: parts.Source, kind: str) -> dict[str, Any]:
    return _of(kinds.load(source, "motion").test, network)


def _hour(network: Recurrent, source: parts.Source, kind: str) -> dict[str, Any]:
    motion = source.encoded(source.test)
    plan = hours.plan(motion, source.hour)
    return hours.counts(motion, plan, hour_labels(network, motion, plan))


def hour_labels(network: Recurrent, motion: MotionSet, plan: hours.Hours) -> np.ndarray:
    """Labels [S,T] of all hours in one pass, the state never reset."""
    states = network.zero_states(len(plan.order))
    found = np.empty((len(plan.order), plan.frames), np.int64)
    length = motion.label.shape[1]
    chunk = 50
    with torch.inference_mode():
        for at, start in plan.pieces(length, chunk):
            end = min(start + chunk, length, start + plan.frames - at)
            clips = plan.order[:, at // length]
            features = torch.from_numpy(motion.features[clips, start:end])
            logits, states = network(features, states)
            found[:, at : at + end - start] = logits.argmax(-1).numpy()
    return found


SCORES: dict[str, Callable[[Recurrent, parts.Source, str], dict[str, Any]]] = {
    "test": _test,
    "zero": _zero,
    "hour": _hour,
    "irregular": _irregular,
    "regular": _regular,
}
"""`test` and `zero` are of the fit's own kind, the others of the kind they name."""
