"""A trained image classifier as a bundle, and what a bundle says of images without Kafka."""

from __future__ import annotations

import csv
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gatestream_export.bundle.golden import Shot
from gatestream_export.bundle.graphs import count_parameters
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.bundle.specification import Specification
from gatestream_export.bundle.writing import Parts, write_bundle
from gatestream_export.data import digits
from gatestream_export.data.image_sets import ImageSet
from gatestream_export.data.sequences import Stream
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.images.systems import ImageSystem, Trained
from gatestream_export.nets.recurrent import Step

INTERVAL_MILLIS = 100
GOLDEN_RUNS = 40
JPEG_FRAMES = (2, 5)
"""Golden frames that are JPEG and twice the model's size: exact again after the resize."""

ACCURACY_LIMIT = 0.01
"""Between torch and the bundle: an image or two whose best two labels are as good as equal."""

COLUMNS = ("stream", "truth", "prediction", "score", "pixels")


@dataclass(frozen=True)
class Prediction:
    """The label after an image's last frame; `by_frame` are the top classes [T] of all frames."""

    stream: str
    truth: int
    by_frame: tuple[int, ...]
    score: float
    """The last label's score: the softmax of the last frame's logits."""
    microseconds: float
    """Encoder and step of all frames, one after the other, one thread."""

    @property
    def label(self) -> int:
        """The image's class."""
        return self.by_frame[-1]


def write(
    system: ImageSystem, data: ImageSet, trained: Trained, target: Path, command: str
) -> Bundle:
    """Writes and verifies the bundle of one trained system; `command` made it."""
    frames = np.concatenate([s.inputs for s in data.validation.streams[:GOLDEN_RUNS]])
    specification = Specification(
        name=system.name,
        version="1.0.0",
        labels=data.training.labels,
        resize=data.resize,
        frame_interval_millis=INTERVAL_MILLIS,
        licence="Apache-2.0",
        notice=_notice(system, data),
        data=f"{data.name}: {len(data.training.streams)} images, tested on"
        f" {len(data.test.streams)}",
        command=command,
        metrics={
            "testAccuracy": round(trained.accuracy, 4),
            "testAccuracyByFrame": [round(v, 4) for v in trained.by_frame],
            "validationAccuracy": round(trained.validation, 4),
        },
    )
    encoder = trained.networks.encoder
    if encoder is None:
        raise ValueError(f"{system.name} has no encoder")
    parts = Parts(encoder, Step(trained.networks.recurrent), specification)
    bundle = write_bundle(parts, target, frames, golden_runs(data))
    _require_same(trained, by_frame(predict(bundle, data.test.streams)), target)
    return bundle


def _require_same(trained: Trained, found: list[float], target: Path) -> None:
    """The step was held to its own torch module; this holds it to the network that was trained."""
    off = max(abs(a - b) for a, b in zip(trained.by_frame, found, strict=True))
    if off > ACCURACY_LIMIT:
        raise CheckFailedError(
            f"{target} has test accuracies {found}, the trained network {trained.by_frame}"
        )


def _notice(system: ImageSystem, data: ImageSet) -> str:
    return (
        f"# {system.name}\n\n{system.description}. Weights: Apache-2.0.\n\n"
        f"## Training data\n\n{data.origin}\n"
    )


def golden_runs(data: ImageSet) -> list[list[Shot]]:
    """Runs of 8 frames from the validation part: one image's rows, or 8 whole images."""
    streams = data.validation.streams
    length = len(streams[0])
    count = min(len(streams), max(1, 8 // length))
    runs = []
    for start in range(0, len(streams) - count + 1, count):
        frames = np.concatenate([s.inputs for s in streams[start : start + count]])
        runs.append([_shot(i, frame) for i, frame in enumerate(frames)])
        if len(runs) == GOLDEN_RUNS:
            break
    return runs


def _shot(index: int, frame: np.ndarray) -> Shot:
    jpeg = index in JPEG_FRAMES
    picture = frame.repeat(2, axis=0).repeat(2, axis=1) if jpeg else frame
    elapsed = INTERVAL_MILLIS / 1000 if index else 0.0
    return Shot(np.ascontiguousarray(picture), "JPEG" if jpeg else "PNG", elapsed)


def predict(bundle: Bundle, streams: tuple[Stream, ...]) -> list[Prediction]:
    """One frame at a time at batch 1, each image from the initial state, as the stream does."""
    found = []
    for s in streams:
        frames = [np.ascontiguousarray(frame[np.newaxis]) for frame in s.inputs]
        states = bundle.initial_states()
        scores = []
        started = time.perf_counter_ns()
        for frame in frames:
            logits, states = bundle.step(bundle.encode(frame), states)
            scores.append(logits[0])
        microseconds = (time.perf_counter_ns() - started) / 1000
        odds = np.exp(scores[-1] - scores[-1].max())
        tops = tuple(int(values.argmax()) for values in scores)
        score = float(odds.max() / odds.sum())
        found.append(Prediction(s.name, int(s.labels[-1]), tops, score, microseconds))
    return found


def parameters(bundle: Bundle) -> int:
    """Floats in the constants of both graphs."""
    document = bundle.contract.document
    files = [bundle.folder / document[part]["file"] for part in ("encoder", "step")]
    return sum(count_parameters(file) for file in files)


def by_frame(predictions: list[Prediction]) -> list[float]:
    """Accuracy after each frame."""
    right = [[top == p.truth for top in p.by_frame] for p in predictions]
    return [float(share) for share in np.mean(right, axis=0)]


def write_csv(file: Path, bundle: Bundle, part: digits.Part, predictions: list[Prediction]) -> None:
    """One digit a line; `pixels` are its 64 values 0..16, row by row."""
    labels = bundle.contract.labels
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(COLUMNS)
        for p, values in zip(predictions, part.values, strict=True):
            pixels = " ".join(str(value) for value in values.reshape(-1))
            rows.writerow((p.stream, labels[p.truth], labels[p.label], f"{p.score:.6f}", pixels))


def require_digits(bundle: Bundle) -> None:
    """Refuses a bundle that does not classify digits."""
    if bundle.contract.labels != digits.LABELS:
        raise UsageError(
            f"{bundle.folder} has the labels {list(bundle.contract.labels)}, no digits"
        )
