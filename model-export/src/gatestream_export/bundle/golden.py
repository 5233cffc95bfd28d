"""Golden files: a short run of encoded frames with the values that every reader must reproduce."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gatestream_export.bundle.random_pictures import random_pictures
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.picture import still, video
from gatestream_export.picture.resize import ResizeRule

FRAMES = 12
"""How many frames a run usually has."""

JPEG_QUALITY = 90
ENCODINGS = {"JPEG": "jpg", "PNG": "png"}


@dataclass(frozen=True)
class Shot:
    """One frame of a golden run: RGB uint8 [h,w,3] of any size, which the encoded frame keeps.

    `elapsed` is in seconds since the run's previous frame, 0 for the first.
    """

    picture: np.ndarray
    encoding: str = "JPEG"
    elapsed: float = 0.0
    auxiliary: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.encoding not in ENCODINGS:
            raise CheckFailedError(f"encoding {self.encoding!r}, wanted JPEG or PNG")
        picture = self.picture
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
            raise CheckFailedError(
                f"a golden picture is {picture.dtype} {list(picture.shape)}, wanted uint8 [h,w,3]"
            )


@dataclass(frozen=True)
class Encoded:
    """One golden frame with what the model makes of it; `entry` is its part of golden.json."""

    data: bytes
    pixels: np.ndarray
    entry: dict[str, Any]


def shots(frames: np.ndarray | list[np.ndarray], interval: float, auxiliary: int = 0) -> list[Shot]:
    """A run of regular frames: every fourth a PNG, side features rising from 0."""
    return [
        Shot(
            picture,
            "PNG" if i % 4 == 3 else "JPEG",
            interval if i else 0.0,
            tuple(round(0.1 * i - 0.5 * k, 3) for k in range(auxiliary)),
        )
        for i, picture in enumerate(frames)
    ]


def random_runs(rule: ResizeRule, interval: float, auxiliary: int, count: int) -> list[list[Shot]]:
    """Runs of random pictures of the rule's size, or twice that where JPEGs are to be reduced."""
    times = 2 if rule.reduced_scale_jpeg else 1
    size = times * rule.height, times * rule.width
    return [
        shots(random_pictures(*size, FRAMES, seed), interval, auxiliary) for seed in range(count)
    ]


def _margin(logits: np.ndarray) -> float:
    """How far the top label is from the next; of a single label, from changing its side."""
    if logits.size == 1:
        return float(abs(logits[0]))
    first, second = np.sort(logits)[::-1][:2]
    return float(first - second)


def _run(bundle: Bundle, candidate: list[Shot]) -> tuple[float, list[Encoded]]:
    states = bundle.initial_states()
    run: list[Encoded] = []
    margin = float("inf")
    for i, shot in enumerate(candidate):
        png = shot.encoding == "PNG"
        data = (
            video.encode_png(shot.picture) if png else video.encode_jpeg(shot.picture, JPEG_QUALITY)
        )
        pixels = bundle.resize.apply(still.decode(data, bundle.resize))
        features = bundle.encode(pixels[None])
        elapsed = float(np.float32(shot.elapsed))
        logits, states = bundle.step(features, states, *extras(elapsed, shot.auxiliary))
        margin = min(margin, _margin(logits[0]))
        entry = {
            "file": f"frame-{i:02d}.{ENCODINGS[shot.encoding]}",
            "encoding": shot.encoding,
            "width": shot.picture.shape[1],
            "height": shot.picture.shape[0],
            "pixels": f"pixels-{i:02d}.rgb",
            "features": _numbers(features[0]),
            "logits": _numbers(logits[0]),
            "states": [_numbers(s[0]) for s in states],
            "elapsed": elapsed,
            "auxiliary": [float(v) for v in shot.auxiliary],
        }
        run.append(Encoded(data, pixels, entry))
    return margin, run


def extras(elapsed: float, auxiliary: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """A frame's elapsed [1,1] and auxiliary [1,n]."""
    return np.array([[elapsed]], np.float32), np.array([auxiliary], np.float32).reshape(1, -1)


def write(bundle: Bundle, candidates: list[list[Shot]]) -> float:
    """Writes the candidate run with the widest narrowest margin; returns that margin."""
    if not candidates or not all(candidates):
        raise CheckFailedError("no golden candidates, or one without a frame")
    margin, run = max((_run(bundle, c) for c in candidates), key=lambda found: found[0])
    folder = bundle.folder / "golden"
    folder.mkdir()
    for frame in run:
        (folder / frame.entry["file"]).write_bytes(frame.data)
        (folder / frame.entry["pixels"]).write_bytes(frame.pixels.tobytes())
    text = json.dumps({"frames": [frame.entry for frame in run]})
    (folder / "golden.json").write_text(text + "\n", encoding="utf-8")
    return margin


def _numbers(values: np.ndarray) -> list[float]:
    # The shortest decimal that is the same float32.
    return [float(np.format_float_positional(v, unique=True)) for v in values.reshape(-1)]


def entries(folder: Path) -> list[dict[str, Any]]:
    """The frames of golden.json in a bundle's golden folder."""
    file = folder / "golden.json"
    if not file.is_file():
        raise UsageError(f"missing file: {file}")
    try:
        frames = json.loads(file.read_text(encoding="utf-8"))["frames"]
    except (ValueError, KeyError, TypeError) as broken:
        raise CheckFailedError(f"{file} is broken: {broken}") from broken
    if not frames:
        raise CheckFailedError(f"{file} has no frames")
    return frames


def pixels(bundle: Bundle) -> np.ndarray:
    """The golden frames as the encoder takes them, uint8 [T,H,W,3]."""
    shape = (bundle.contract.height, bundle.contract.width, 3)
    folder = bundle.folder / "golden"
    found = [np.frombuffer((folder / f["pixels"]).read_bytes(), np.uint8) for f in entries(folder)]
    fitting = [f.reshape(shape) for f in found if f.size == int(np.prod(shape))]
    return np.stack(fitting) if fitting else np.empty((0, *shape), np.uint8)


def stored_shots(bundle: Bundle) -> list[Shot]:
    """The golden frames of a bundle, decoded: a golden run for a bundle like it."""
    folder = bundle.folder / "golden"
    return [
        Shot(
            video.decode_image((folder / f["file"]).read_bytes()),
            f["encoding"],
            f["elapsed"],
            tuple(f["auxiliary"]),
        )
        for f in entries(folder)
    ]
