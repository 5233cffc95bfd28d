"""A model bundle on ONNX Runtime and OpenCV: what all peers share.

Run as a program it checks that a bundle is one that the peers can serve.
"""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime as ort

INTERPOLATIONS = {
    "nearest": cv2.INTER_NEAREST,
    "linear": cv2.INTER_LINEAR,
    "cubic": cv2.INTER_CUBIC,
    "area": cv2.INTER_AREA,
}
COLOUR = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
# The scale alone: the flags that name a colour too mean BGR.
REDUCED = (
    (8, cv2.IMREAD_REDUCED_GRAYSCALE_8),
    (4, cv2.IMREAD_REDUCED_GRAYSCALE_4),
    (2, cv2.IMREAD_REDUCED_GRAYSCALE_2),
)

# Markers of a JPEG that name its size: all of SOF0 to SOF15 but tables and arithmetic conditions.
SIZE_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class UnservableError(Exception):
    """The bundle asks for something that the peers do not do."""


def _jpeg_size(payload: bytes) -> tuple[int, int]:
    """Width and height by the header; 0, 0 where there is none."""
    at = 2
    while at + 9 <= len(payload):
        marker, length = struct.unpack_from(">xBH", payload, at)
        if marker in SIZE_MARKERS:
            height, width = struct.unpack_from(">HH", payload, at + 5)
            return width, height
        at += 2 + length
    return 0, 0


def _require_servable(spec: dict[str, Any]) -> None:
    resize, step = spec["input"]["resize"], spec["step"]
    problems = []
    if resize["mode"] != "stretch":
        problems.append(f"resize mode {resize['mode']}, not stretch")
    if resize["regionOfInterest"] is not None:
        problems.append("a region of interest")
    if len(step["states"]) != 1:
        problems.append(f"{len(step['states'])} state tensors, not one")
    problems += [f"{name} as a step input" for name in ("elapsed", "auxiliary") if step.get(name)]
    if problems:
        raise UnservableError("the peers cannot serve this bundle: " + ", ".join(problems))


class Preprocessing:
    """What a bundle says of its input. Thread-safe."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self._size = (spec["width"], spec["height"])
        self._interpolation = INTERPOLATIONS[spec["resize"]["interpolation"]]
        self._reduced = spec["resize"].get("reducedScaleJpeg", False)

    def pixels(self, payload: bytes) -> np.ndarray | None:
        """A JPEG or PNG as uint8 [H, W, 3] RGB; None where it does not decode."""
        picture = cv2.imdecode(np.frombuffer(payload, np.uint8), self._flags(payload))
        if picture is None:
            return None
        if self._interpolation == cv2.INTER_CUBIC:
            # IPP, which Gatestream's OpenCV lacks, rounds cubic otherwise. A thread's setting.
            cv2.ipp.setUseIPP(False)
        return cv2.resize(picture, self._size, interpolation=self._interpolation)

    def _flags(self, payload: bytes) -> int:
        if self._reduced and payload.startswith(b"\xff\xd8"):
            width, height = _jpeg_size(payload)
            for scale, flag in REDUCED:
                if width >= scale * self._size[0] and height >= scale * self._size[1]:
                    return flag | COLOUR
        return COLOUR


class Model:
    """Encoder and step of one bundle. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        spec = json.loads((folder / "model.json").read_text())
        _require_servable(spec)
        self.labels: list[str] = spec["labels"]
        self._softmax = spec["activation"] == "softmax"
        self._temperature = spec["temperature"]
        self._preprocessing = Preprocessing(spec["input"])
        state = spec["step"]["states"][0]
        self.state_shape = (1, *state["shape"])
        self._initial = state["initial"]
        self._encoder = _session(folder / spec["encoder"]["file"])
        self._step = _session(folder / spec["step"]["file"])
        self._frames = spec["encoder"]["frames"]["name"]
        self._features = [spec["encoder"]["features"]["name"]]
        self._step_inputs = (spec["step"]["features"]["name"], state["input"])
        self._step_outputs = [spec["step"]["logits"]["name"], state["output"]]
        # Each thread of a peer decodes a picture of its own.
        cv2.setNumThreads(1)

    def initial(self) -> np.ndarray:
        """A stream's state before its first frame."""
        if self._initial is None:
            return np.zeros(self.state_shape, np.float32)
        return np.array(self._initial, np.float32).reshape(self.state_shape)

    def features(self, payload: bytes) -> np.ndarray | None:
        """The features of a JPEG or PNG, float32 [1, F]; None where it does not decode."""
        picture = self._preprocessing.pixels(payload)
        if picture is None:
            return None
        return self._encoder.run(self._features, {self._frames: picture[np.newaxis]})[0]

    def step(self, features: np.ndarray, state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The scores of one frame, float32 [C], and the stream's next state."""
        inputs = dict(zip(self._step_inputs, (features, state), strict=True))
        logits, state = self._step.run(self._step_outputs, inputs)
        logits = logits[0] / self._temperature
        if not self._softmax:
            return 1 / (1 + np.exp(-logits)), state
        exponentials = np.exp(logits - logits.max())
        return exponentials / exponentials.sum(), state


def _session(file: Path) -> ort.InferenceSession:
    """One thread a call: several calls run at once."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def main() -> None:
    try:
        Model(Path(sys.argv[1]))
    except UnservableError as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
