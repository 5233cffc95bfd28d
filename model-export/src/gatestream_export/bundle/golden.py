"""Golden files: a short run of encoded frames with the values that every reader must reproduce."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from gatestream_export.bundle.runtime import Bundle
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.picture import video

FRAMES = 12
PNG_FRAMES = (3, 8)
ODD_SIZE_FRAMES = (5, 8, 10)
ODD_SIZE = (200, 150)
EVEN_SIZE = (128, 128)


@dataclass(frozen=True)
class Encoded:
    """One golden frame before the model has seen it."""

    name: str
    encoding: str
    data: bytes
    width: int
    height: int
    pixels: np.ndarray


def _encode(index: int, picture: np.ndarray, size: tuple[int, int]) -> Encoded:
    width, height = ODD_SIZE if index in ODD_SIZE_FRAMES else EVEN_SIZE
    picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    png = index in PNG_FRAMES
    data = video.encode_png(picture) if png else video.encode_jpeg(picture, 90)
    pixels = video.resize(video.decode_image(data), *size)
    name = f"frame-{index:02d}." + ("png" if png else "jpg")
    return Encoded(name, "PNG" if png else "JPEG", data, width, height, pixels)


def _margin(logits: np.ndarray) -> float:
    first, second = np.sort(logits)[::-1][:2]
    return float(first - second)


def write(bundle: Bundle, candidates: list[list[np.ndarray]]) -> float:
    """Writes the candidate run with the widest narrowest margin; returns that margin."""
    best: tuple[float, list[Encoded], list[dict[str, Any]]] | None = None
    size = (bundle.contract.width, bundle.contract.height)
    for pictures in candidates:
        encoded = [_encode(i, p, size) for i, p in enumerate(pictures[:FRAMES])]
        states = bundle.initial_states()
        entries = []
        margin = float("inf")
        for i, frame in enumerate(encoded):
            features = bundle.encode(frame.pixels[None])
            logits, states = bundle.step(features, states)
            margin = min(margin, _margin(logits[0]))
            entries.append(
                {
                    "file": frame.name,
                    "encoding": frame.encoding,
                    "width": frame.width,
                    "height": frame.height,
                    "pixels": f"pixels-{i:02d}.rgb",
                    "features": _numbers(features[0]),
                    "logits": _numbers(logits[0]),
                    "states": [_numbers(s[0]) for s in states],
                    "elapsed": 0.0,
                    "auxiliary": [],
                }
            )
        if best is None or margin > best[0]:
            best = (margin, encoded, entries)
    if best is None:
        raise CheckFailedError("no golden candidates")
    folder = bundle.folder / "golden"
    folder.mkdir()
    for i, frame in enumerate(best[1]):
        (folder / frame.name).write_bytes(frame.data)
        (folder / f"pixels-{i:02d}.rgb").write_bytes(frame.pixels.tobytes())
    (folder / "golden.json").write_text(json.dumps({"frames": best[2]}) + "\n", encoding="utf-8")
    return best[0]


def _numbers(values: np.ndarray) -> list[float]:
    # The shortest decimal that is the same float32.
    return [float(np.format_float_positional(v, unique=True)) for v in values.reshape(-1)]


def _read(folder: Path) -> list[dict[str, Any]]:
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


def problems(bundle: Bundle) -> list[str]:
    """What a reader of the golden files would complain about; empty when all is well."""
    c = bundle.contract
    folder = bundle.folder / "golden"
    tolerance = c.document["tolerance"]
    found: list[str] = []
    states = bundle.initial_states()
    exact_states = bundle.initial_states()
    for i, frame in enumerate(_read(folder)):
        name = frame["file"]
        data = (folder / name).read_bytes()
        expected = np.frombuffer((folder / frame["pixels"]).read_bytes(), np.uint8)
        if expected.size != c.width * c.height * 3:
            found.append(f"golden {frame['pixels']}: {expected.size} bytes")
            continue
        expected = expected.reshape(c.height, c.width, 3)
        try:
            decoded = video.decode_image(data)
        except ValueError as broken:
            found.append(f"golden {name}: {broken}")
            continue
        if decoded.shape[:2] != (frame["height"], frame["width"]):
            found.append(f"golden {name}: decodes to {decoded.shape[1]}x{decoded.shape[0]}")
        pixels = video.resize(decoded, c.width, c.height)
        level = int(np.abs(pixels.astype(int) - expected.astype(int)).max())
        allowed = tolerance["pixels"] if frame["encoding"] == "JPEG" else 0
        if level > allowed:
            found.append(f"golden {name}: pixels differ by {level} levels, allowed {allowed}")
        wanted = np.array(frame["features"], np.float32)
        if wanted.shape != (c.encoder_features.shape[1],):
            found.append(f"golden frame {i}: {wanted.size} features")
            continue
        rms = float(np.sqrt(np.mean(wanted**2))) or 1.0
        features = bundle.encode(pixels[None])
        exact = bundle.encode(expected[None])
        for what, value, limit in (
            ("decoded", features, tolerance["features"]),
            ("pixels", exact, 1e-5),
        ):
            off = float(np.abs(value[0] - wanted).max()) / rms
            if not off <= limit:
                found.append(f"golden frame {i}: features from {what} off by {off:.2g} of RMS")
        elapsed = np.array([[frame["elapsed"]]], np.float32)
        auxiliary = np.array([frame["auxiliary"]], np.float32)
        logits, states = bundle.step(features, states, elapsed, auxiliary)
        exact_logits, exact_states = bundle.step(exact, exact_states, elapsed, auxiliary)
        wanted_logits = np.array(frame["logits"], np.float32)
        if int(logits[0].argmax()) != int(wanted_logits.argmax()):
            found.append(f"golden frame {i}: another top label")
        off = float(np.abs(exact_logits[0] - wanted_logits).max())
        if not off <= tolerance["logits"]:
            found.append(f"golden frame {i}: logits off by {off:.2g}")
        for s, state, wanted_state in zip(c.states, exact_states, frame["states"], strict=True):
            off = float(np.abs(state[0].reshape(-1) - np.array(wanted_state, np.float32)).max())
            if not off <= tolerance["logits"]:
                found.append(f"golden frame {i}: state {s.output} off by {off:.2g}")
    return found
