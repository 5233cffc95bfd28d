"""Scores over streams with carried state: settled, raw, by class, by time, with intervals."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from gatestream_export.data.sequences import Stream
from gatestream_export.objectmotion.clips import Clips
from gatestream_export.objectmotion.motion import LABELS
from gatestream_export.objectmotion.network import MotionNetworks
from gatestream_export.training import evaluation
from gatestream_export.training.networks import Networks

SETTLED_FROM = 5
"""Frames after a change from which a label counts as settled."""

ROUNDS = 4000
"""Draws of a bootstrap."""

CHUNK = 100
"""Frames of every stream that are computed together."""

TIME_EDGES = (0, 200, 500, 1000, 1500, 2000)


@dataclass(frozen=True)
class Scores:
    """Figures of one evaluation; `interval` is the 95 % bootstrap over photographs."""

    settled: float
    raw: float
    interval: tuple[float, float]
    memoryless: float
    per_class: dict[str, float]
    by_time: dict[str, float]
    by_photograph: dict[str, float]
    by_frames_since_change: list[float]

    def as_dict(self) -> dict[str, Any]:
        """For `training.metrics`."""
        return {
            "settledAccuracy": round(self.settled, 4),
            "settledInterval95": [round(v, 4) for v in self.interval],
            "rawAccuracy": round(self.raw, 4),
            "memorylessSettledAccuracy": round(self.memoryless, 4),
            "settledByClass": {k: round(v, 4) for k, v in self.per_class.items()},
            "settledByFramesSinceStart": {k: round(v, 4) for k, v in self.by_time.items()},
            "settledByPhotograph": {k: round(v, 4) for k, v in self.by_photograph.items()},
            "accuracyByFramesSinceChange": [round(v, 4) for v in self.by_frames_since_change],
        }


def _share(hits: np.ndarray, mask: np.ndarray) -> float:
    return float(hits[mask].mean()) if mask.any() else float("nan")


def bootstrap(right: np.ndarray, total: np.ndarray) -> tuple[float, float]:
    """95 % interval of sum(right)/sum(total), resampling groups [G] with their counts."""
    right, total = np.asarray(right, float), np.asarray(total, float)
    rng = np.random.default_rng(0)
    picks = rng.integers(0, len(right), (ROUNDS, len(right)))
    values = right[picks].sum(axis=1) / np.maximum(1e-9, total[picks].sum(axis=1))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def bootstrap_over_photographs(
    hits: np.ndarray, mask: np.ndarray, scene: list[str]
) -> tuple[float, float]:
    """95 % interval of the settled accuracy, resampling whole photographs."""
    rows = [np.array(scene) == name for name in sorted(set(scene))]
    right = np.array([hits[row][mask[row]].sum() for row in rows])
    return bootstrap(right, np.array([mask[row].sum() for row in rows]))


def score(clips: Clips, predicted: np.ndarray, single: np.ndarray | None = None) -> Scores:
    """Scores predictions [N,T] against the clips' truth."""
    hits = predicted == clips.label
    settled = clips.since_change >= SETTLED_FROM
    time = np.broadcast_to(np.arange(hits.shape[1]), hits.shape)
    edges = [e for e in TIME_EDGES if e < hits.shape[1]] + [hits.shape[1]]
    scene = np.array(clips.scene)
    return Scores(
        settled=_share(hits, settled),
        raw=float(hits.mean()),
        interval=bootstrap_over_photographs(hits, settled, clips.scene),
        memoryless=float("nan") if single is None else _share(single == clips.label, settled),
        per_class={n: _share(hits, settled & (clips.label == i)) for i, n in enumerate(LABELS)},
        by_time={
            f"{a}-{b}": _share(hits, settled & (time >= a) & (time < b))
            for a, b in itertools.pairwise(edges)
        },
        by_photograph={
            n: _share(hits[scene == n], settled[scene == n]) for n in sorted(set(clips.scene))
        },
        by_frames_since_change=[_share(hits, clips.since_change == k) for k in range(12)],
    )


def evaluate(networks: MotionNetworks, clips: Clips) -> Scores:
    """Runs every clip as one stream from the zero state, carried to its end."""
    streams = clips.streams()
    single = Networks(networks.encoder, networks.memoryless)
    return score(clips, _labels(networks, streams), _labels(single, streams))


def _labels(networks: Networks, streams: tuple[Stream, ...]) -> np.ndarray:
    """The top label of each frame [N,T]."""
    return np.stack(evaluation.logits(networks, streams, CHUNK)).argmax(axis=-1)
