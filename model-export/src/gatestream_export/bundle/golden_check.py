"""A bundle against its own golden files, as every reader must find it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from gatestream_export.bundle import golden
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.bundle.specification import Tolerance
from gatestream_export.errors import CheckFailedError
from gatestream_export.picture import still, video


def problems(bundle: Bundle) -> list[str]:
    """What a reader of the golden files would complain about; empty when all is well."""
    folder = bundle.folder / "golden"
    found: list[str] = []
    try:
        states = bundle.initial_states()
        exact_states = bundle.initial_states()
        for i, frame in enumerate(golden.entries(folder)):
            read = list(_pictures(bundle, folder, frame, found))
            if len(read) == 2:
                states, exact_states = _compare(
                    bundle, i, frame, read, (states, exact_states), found
                )
    except KeyError as missing:
        raise CheckFailedError(f"golden.json: a frame lacks {missing}") from missing
    except (TypeError, ValueError) as broken:
        raise CheckFailedError(f"golden.json is broken: {broken}") from broken
    return found


def _pictures(
    bundle: Bundle, folder: Path, frame: dict[str, Any], found: list[str]
) -> Iterator[np.ndarray]:
    """The decoded and resized picture, then the stored pixels; nothing where one is unusable."""
    c = bundle.contract
    name = frame["file"]
    expected = np.frombuffer((folder / frame["pixels"]).read_bytes(), np.uint8)
    if expected.size != c.width * c.height * 3:
        found.append(f"golden {frame['pixels']}: {expected.size} bytes")
        return
    expected = expected.reshape(c.height, c.width, 3)
    data = (folder / name).read_bytes()
    try:
        whole, decoded = video.decode_image(data), still.decode(data, bundle.resize)
    except ValueError as broken:
        found.append(f"golden {name}: {broken}")
        return
    if whole.shape[:2] != (frame["height"], frame["width"]):
        found.append(f"golden {name}: decodes to {whole.shape[1]}x{whole.shape[0]}")
    resized = bundle.resize.apply(decoded)
    level = int(np.abs(resized.astype(int) - expected.astype(int)).max())
    jpeg = frame["encoding"] == "JPEG"
    allowed = Tolerance.of(c.document).pixels if jpeg else 0
    if level > allowed:
        found.append(f"golden {name}: pixels differ by {level} levels, allowed {allowed}")
    yield resized
    yield expected


def _compare(
    bundle: Bundle,
    index: int,
    frame: dict[str, Any],
    read: list[np.ndarray],
    states: tuple[list[np.ndarray], list[np.ndarray]],
    found: list[str],
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Advances the run from the decoded picture and the one from the stored pixels."""
    c = bundle.contract
    tolerance = Tolerance.of(c.document)
    wanted = np.array(frame["features"], np.float32)
    if wanted.shape != (c.encoder_features.shape[1],):
        found.append(f"golden frame {index}: {wanted.size} features")
        return states
    rms = float(np.sqrt(np.mean(wanted**2))) or 1.0
    features, exact = (bundle.encode(picture[None]) for picture in read)
    for what, value, limit in (
        ("decoded", features, tolerance.features),
        ("pixels", exact, tolerance.exact),
    ):
        off = float(np.abs(value[0] - wanted).max()) / rms
        if not off <= limit:
            found.append(f"golden frame {index}: features from {what} off by {off:.2g} of RMS")
    given = golden.extras(frame["elapsed"], frame["auxiliary"])
    logits, after = bundle.step(features, states[0], *given)
    exact_logits, exact_after = bundle.step(exact, states[1], *given)
    wanted_logits = np.array(frame["logits"], np.float32)
    if int(logits[0].argmax()) != int(wanted_logits.argmax()):
        found.append(f"golden frame {index}: another top label")
    off = float(np.abs(exact_logits[0] - wanted_logits).max())
    if not off <= tolerance.logits:
        found.append(f"golden frame {index}: logits off by {off:.2g}")
    for s, state, wanted_state in zip(c.states, exact_after, frame["states"], strict=True):
        off = float(np.abs(state[0].reshape(-1) - np.array(wanted_state, np.float32)).max())
        if not off <= tolerance.logits:
            found.append(f"golden frame {index}: state {s.output} off by {off:.2g}")
    return after, exact_after
