"""Renders a motion plan: a handwritten digit over a photograph, with noise and changing light."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from gatestream_export.objectmotion.motion import INPUT_SIZE, MotionPlan

CONTRAST = 60.0
"""The thing differs from the background around it by at least this many levels in one channel."""

_MASK_SIDES = (96, 48, 24)
_NOISE_POOL = 1 << 21


@dataclass(frozen=True)
class Style:
    """How far a clip's look is varied; a wide style also recolours and patches its background."""

    wide: bool
    noise: tuple[float, float]
    light: float


TRAIN_STYLE = Style(wide=True, noise=(0.0, 8.0), light=0.14)
PLAIN_STYLE = Style(wide=False, noise=(1.0, 6.0), light=0.10)


def digit_masks(split: str) -> list[np.ndarray]:
    """Digit images (8x8, 0..1) of one side of the split: 70, 15 and 15 per cent by image."""
    from sklearn.datasets import load_digits

    images = load_digits().images.astype(np.float32) / 16.0
    order = np.random.default_rng(20240).permutation(len(images))
    first, second = int(0.7 * len(order)), int(0.85 * len(order))
    sides = {"train": order[:first], "validation": order[first:second], "test": order[second:]}
    return [images[i] for i in np.sort(sides[split])]


def _mask_pyramid(digit: np.ndarray) -> list[np.ndarray]:
    """Sharpened alpha masks of several sizes; one cell of padding is kept around the digit."""
    padded = np.pad(digit, 1)
    smooth = cv2.resize(padded, (120, 120), interpolation=cv2.INTER_CUBIC)
    alpha = 1.0 / (1.0 + np.exp(-14.0 * (smooth - 0.42)))
    full = alpha[:, :].astype(np.float32)
    return [cv2.resize(full, (n * 10 // 8,) * 2, interpolation=cv2.INTER_AREA) for n in _MASK_SIDES]


def _crop(
    picture: np.ndarray, width: int, height: int, wide: bool, rng: np.random.Generator
) -> np.ndarray:
    """A random cut of the picture, squeezed to the wanted size."""
    rows, columns = picture.shape[:2]
    share = rng.uniform(0.35, 1.0)
    aspect = np.exp(rng.uniform(-0.45, 0.45))
    cut_w = int(np.clip(min(rows, columns) * share * aspect**0.5, 40, columns))
    cut_h = int(np.clip(min(rows, columns) * share / aspect**0.5, 40, rows))
    x = int(rng.integers(0, columns - cut_w + 1))
    y = int(rng.integers(0, rows - cut_h + 1))
    cut = picture[y : y + cut_h, x : x + cut_w]
    if wide and rng.random() < 0.5:
        cut = np.ascontiguousarray(np.rot90(cut, int(rng.integers(4))))
    if rng.random() < 0.5:
        cut = cut[:, ::-1]
    cut = np.ascontiguousarray(cut)
    shrinks = cut.shape[0] > height
    return cv2.resize(
        cut, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    )


def background(
    pictures: list[np.ndarray],
    which: int,
    width: int,
    height: int,
    style: Style,
    rng: np.random.Generator,
) -> np.ndarray:
    """A clip's fixed background, uint8 RGB. A wide style blends, patches and recolours cuts."""
    scene: np.ndarray = _crop(pictures[which], width, height, style.wide, rng).astype(np.float32)
    if not style.wide:
        return np.clip(scene * rng.uniform(0.8, 1.1), 0, 255).astype(np.uint8)

    def other() -> np.ndarray:
        return _crop(pictures[int(rng.integers(len(pictures)))], width, height, True, rng).astype(
            np.float32
        )

    if rng.random() < 0.4:
        share = rng.uniform(0.2, 0.5)
        scene = scene * (1 - share) + other() * share
    if rng.random() < 0.5:
        for _ in range(int(rng.integers(1, 6))):
            w = int(rng.uniform(0.05, 0.5) * width) + 2
            h = int(rng.uniform(0.05, 0.5) * height) + 2
            x, y = int(rng.integers(0, width - w)), int(rng.integers(0, height - h))
            patch = other()[y : y + h, x : x + w]
            if rng.random() < 0.4:
                patch = np.broadcast_to(rng.uniform(0, 255, 3).astype(np.float32), (h, w, 3))
            scene[y : y + h, x : x + w] = patch
    if rng.random() < 0.4:
        scene = scene[:, :, rng.permutation(3)]
    if rng.random() < 0.15:
        scene = np.repeat(scene.mean(axis=2, keepdims=True), 3, axis=2)
    if rng.random() < 0.1:
        scene = 255 - scene
    gamma = np.exp(rng.uniform(-0.5, 0.5))
    gain = rng.uniform(0.55, 1.15, 1) * np.exp(rng.uniform(-0.12, 0.12, 3))
    scene = 255 * (np.clip(scene, 0, 255) / 255) ** gamma * gain + rng.uniform(-15, 25)
    return np.clip(scene, 0, 255).astype(np.uint8)


def _colour(around: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A colour at least CONTRAST from every background colour in `around`, else the best found."""
    best: np.ndarray = np.zeros(3)
    best_distance = -1.0
    for attempt in range(60):
        colour = rng.uniform(0, 255, 3)
        if attempt % 3 == 0:
            colour = np.where(rng.random(3) < 0.5, rng.uniform(0, 40, 3), rng.uniform(215, 255, 3))
        distance = float(np.abs(around - colour).max(axis=1).min())
        if distance > best_distance:
            best, best_distance = colour, distance
        if distance >= CONTRAST:
            break
    return best.astype(np.float32)


def _colours(plan: MotionPlan, scene: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One colour for each thing of the plan."""
    small = cv2.resize(scene, (INPUT_SIZE, INPUT_SIZE), interpolation=cv2.INTER_AREA)
    local = cv2.GaussianBlur(small.astype(np.float32), (0, 0), 4.0)
    row = np.clip(plan.y.astype(int), 0, INPUT_SIZE - 1)
    column = np.clip(plan.x.astype(int), 0, INPUT_SIZE - 1)
    around = local[row, column]
    return np.stack([_colour(around[plan.thing == k], rng) for k in range(int(plan.thing[-1]) + 1)])


def _light(frames: int, amount: float, rng: np.random.Generator) -> np.ndarray:
    """A gain a frame: a slow wave and, sometimes, a step."""
    time = np.arange(frames)
    wave = amount * rng.random() * np.sin(2 * np.pi * (time / rng.uniform(20, 300) + rng.random()))
    gain = 1 + wave
    if rng.random() < 0.4:
        for at in rng.integers(0, frames, 1 + frames // 200):
            gain[at:] *= np.exp(rng.uniform(-amount, amount))
        gain = np.clip(gain, 0.65, 1.35)
    return gain.astype(np.float32)


def render(
    plan: MotionPlan,
    scene: np.ndarray,
    digits: list[np.ndarray],
    style: Style,
    rng: np.random.Generator,
) -> Iterator[np.ndarray]:
    """Yields the frames, uint8 RGB of the scene's size. The order of draws is part of the seed."""
    height, width = scene.shape[:2]
    scale_x, scale_y = width / INPUT_SIZE, height / INPUT_SIZE
    gain = _light(len(plan), style.light, rng)
    colours = _colours(plan, scene, rng)
    things = len(colours)
    pyramids = [_mask_pyramid(digits[int(i)]) for i in rng.integers(0, len(digits), things)]
    stretch = np.exp(rng.uniform(-0.16, 0.16, things)) if style.wide else np.ones(things)
    opacity = rng.uniform(0.9, 1.0, things)
    level = rng.uniform(*style.noise)
    pool = np.random.default_rng(7).normal(0, 1, _NOISE_POOL).astype(np.float32) * level
    blur = rng.uniform(0.3, 0.9) if rng.random() < 0.4 else 0.0
    base: np.ndarray = scene.astype(np.float32)
    if blur:
        base = cv2.GaussianBlur(base, (0, 0), blur)
    count = height * width * 3
    for i in range(len(plan)):
        k = int(plan.thing[i])
        frame = base.copy()
        tall = plan.size[i] / stretch[k] ** 0.5 * scale_y
        broad = plan.size[i] * stretch[k] ** 0.5 * scale_x
        mask = next((m for m in reversed(pyramids[k]) if m.shape[0] * 0.8 >= tall), pyramids[k][0])
        side = mask.shape[0]
        # The mask spans 10 cells, the digit 8: pixel = centre + (u - side/2) * scale.
        sx, sy = broad * 1.25 / side, tall * 1.25 / side
        cx, cy = plan.x[i] * scale_x, plan.y[i] * scale_y
        left, top = int(cx - broad * 0.65) - 1, int(cy - tall * 0.65) - 1
        right, bottom = int(cx + broad * 0.65) + 3, int(cy + tall * 0.65) + 3
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, width), min(bottom, height)
        matrix = np.array(
            [
                [sx, 0, cx - left - 0.5 + sx * 0.5 - sx * side / 2],
                [0, sy, cy - top - 0.5 + sy * 0.5 - sy * side / 2],
            ]
        )
        alpha = cv2.warpAffine(mask, matrix, (right - left, bottom - top), flags=cv2.INTER_LINEAR)
        alpha = (alpha * opacity[k])[:, :, None]
        window = frame[top:bottom, left:right]
        window += (colours[k] - window) * alpha
        frame *= gain[i]
        if level > 0.3:
            start = int(rng.integers(0, _NOISE_POOL - count))
            frame += pool[start : start + count].reshape(height, width, 3)
        yield np.clip(frame + 0.5, 0, 255).astype(np.uint8)
