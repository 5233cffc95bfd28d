"""Images as streams: each image one stream, of its rows or of the whole picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gatestream_export.data import cifar10, digits
from gatestream_export.data.sequences import Sequences, stream
from gatestream_export.picture.resize import ResizeRule

ROWS = "rows"
PICTURES = "pictures"

DIGITS_ORIGIN = """\
Handwritten digits from scikit-learn (load_digits): the test part of "Optical Recognition of
Handwritten Digits", E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998,
https://doi.org/10.24432/C50P49, CC BY 4.0."""

CIFAR_ORIGIN = """\
CIFAR-10, A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009,
https://www.cs.toronto.edu/~kriz/cifar.html."""


@dataclass(frozen=True)
class ImageSet:
    """Three parts of a set of images, and how a frame of any size becomes one of its inputs."""

    name: str
    origin: str
    resize: ResizeRule
    training: Sequences
    validation: Sequences
    test: Sequences


def _streams(
    prefix: str, labels: tuple[str, ...], frames: np.ndarray, truth: np.ndarray, numbers: np.ndarray
) -> Sequences:
    count = frames.shape[1]
    return Sequences(
        labels,
        tuple(
            stream(f"{prefix}-{number:04d}", image, np.full(count, label))
            for number, image, label in zip(numbers, frames, truth, strict=True)
        ),
    )


def digit_set(form: str, seed: int = 1) -> ImageSet:
    """The digits as ROWS (8 frames of 8x1) or PICTURES (one frame of 32x32), split by `seed`."""
    split = digits.load(seed)

    def part(of: digits.Part) -> Sequences:
        frames = (
            digits.rows(of.values) if form == ROWS else digits.pictures(of.values)[:, np.newaxis]
        )
        return _streams("digit", digits.LABELS, frames, of.labels, of.numbers)

    rule = (
        ResizeRule(digits.SIDE, 1)
        if form == ROWS
        else ResizeRule(digits.PICTURE_SIDE, digits.PICTURE_SIDE, interpolation="linear")
    )
    return ImageSet(
        "digits",
        DIGITS_ORIGIN,
        rule,
        part(split.training),
        part(split.validation),
        part(split.test),
    )


def cifar10_set(folder: Path, seed: int = 1) -> ImageSet:
    """CIFAR-10, one frame a stream; every tenth training image, drawn by `seed`, validates."""
    data = cifar10.load(folder)
    order = np.random.default_rng(seed).permutation(len(data.training))
    held = max(1, len(order) // 10)

    def part(name: str, images: np.ndarray, labels: np.ndarray, chosen: np.ndarray) -> Sequences:
        chosen = np.sort(chosen)
        frames = images[chosen][:, np.newaxis]
        return _streams(name, data.names, frames, labels[chosen], chosen)

    return ImageSet(
        "CIFAR-10",
        CIFAR_ORIGIN,
        ResizeRule(cifar10.SIDE, cifar10.SIDE),
        part("training", data.training, data.training_labels, order[held:]),
        part("training", data.training, data.training_labels, order[:held]),
        part("test", data.test, data.test_labels, np.arange(len(data.test))),
    )
