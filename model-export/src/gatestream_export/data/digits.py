"""scikit-learn's handwritten digits, split once, as pictures or as rows.

1,797 images of 8x8 pixels with values 0..16 (test part of the UCI set "Optical Recognition of
Handwritten Digits", 13 writers, CC BY 4.0). Writers are not recorded, so the split is by image and
the same hand is on both sides of it: figures on new hands would be lower.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SIDE = 8
LARGEST = 16
SCALE = 15
"""A row's uint8 pixel is value * SCALE: 0..240."""

PICTURE_SIDE = 32
LABELS = tuple(str(digit) for digit in range(10))
SHARE = 0.2
"""Of validation and of test each: 360 images; 1,077 are for training."""


@dataclass(frozen=True)
class Part:
    """Some of the digits: values uint8 [N,8,8] in 0..16, labels int64 [N], their numbers [N]."""

    values: np.ndarray
    labels: np.ndarray
    numbers: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Digits:
    """The three parts of one split."""

    training: Part
    validation: Part
    test: Part


def load(seed: int = 1) -> Digits:
    """The digits, each class in the same share in every part; a seed always gives the same split.

    Comparisons use seed 1 throughout and vary only the seed of the training.
    """
    source = load_digits()
    values = source.images.astype(np.uint8)
    labels = source.target.astype(np.int64)
    numbers = np.arange(len(labels))
    rest, test = train_test_split(numbers, test_size=SHARE, stratify=labels, random_state=seed)
    training, validation = train_test_split(
        rest, test_size=SHARE / (1 - SHARE), stratify=labels[rest], random_state=seed
    )

    def part(of: np.ndarray) -> Part:
        chosen = np.sort(of)
        return Part(values[chosen], labels[chosen], chosen)

    return Digits(part(training), part(validation), part(test))


def rows(values: np.ndarray) -> np.ndarray:
    """Values [N,8,8] to frames uint8 [N,8,1,8,3]: row t is frame t, its three channels equal."""
    scaled = values.astype(np.uint8) * SCALE
    return np.repeat(scaled[:, :, None, :, None], 3, axis=-1)


def pictures(values: np.ndarray) -> np.ndarray:
    """Values [N,8,8] to uint8 [N,32,32,3], scaled by OpenCV's INTER_LINEAR, channels equal."""
    size = (PICTURE_SIDE, PICTURE_SIDE)
    levels: np.ndarray = values.astype(np.uint8) * np.uint8(SCALE)
    scaled = [cv2.resize(image, size, interpolation=cv2.INTER_LINEAR) for image in levels]
    return np.repeat(np.stack(scaled)[..., None], 3, axis=-1)
