"""A frozen encoder given as an ONNX file, or as the encoder of a bundle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from gatestream_export import files
from gatestream_export.bundle import contract, runtime
from gatestream_export.errors import CheckFailedError, UsageError

CHUNK = 4
"""Frames a call: on a CPU large batches cost time and change nothing else."""


class OnnxEncoder:
    """uint8 [B,height,width,3] to float32 [B,features], under ONNX Runtime on the CPU.

    `threads` callers share one session of one thread each, so that rows do not depend on
    `threads`. Raises CheckFailedError where the graph is not such an encoder.
    """

    module: None = None

    def __init__(self, file: Path, threads: int = 2) -> None:
        self.file: Path = file
        self._session = runtime.open_session(file)
        self._threads = threads
        self._identity = f"onnx-{files.sha256(file)}"
        self._check_border()
        self._check_run()

    @classmethod
    def of_bundle(cls, folder: Path, threads: int = 2) -> OnnxEncoder:
        """The encoder of a bundle, which must have the border that model.json says."""
        c = contract.load(folder)
        encoder = cls(folder / c.document["encoder"]["file"], threads)
        found = (encoder._input, encoder._output, encoder.width, encoder.height, encoder.features)
        size = c.encoder_features.shape[1]
        wanted = (c.frames.name, c.encoder_features.name, c.width, c.height, size)
        if found != wanted:
            raise CheckFailedError(
                f"{encoder.file}: found input, output, width, height and features {found},"
                f" model.json says {wanted}"
            )
        return encoder

    def _check_border(self) -> None:
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        border = (("input", inputs), ("output", outputs))
        for what, values in border:
            if len(values) != 1:
                names = [value.name for value in values]
                raise CheckFailedError(f"{self.file}: found {what}s {names}, wanted exactly one")
        frames, features = inputs[0], outputs[0]
        self._input, self._output = frames.name, features.name
        shape = frames.shape
        if (
            frames.type != "tensor(uint8)"
            or len(shape) != 4
            or shape[3] != 3
            or not all(isinstance(d, int) for d in shape[1:])
        ):
            raise CheckFailedError(
                f"{self.file}: input {frames.name}: found {frames.type} {shape},"
                " wanted tensor(uint8) [batch, height, width, 3] with fixed height and width"
            )
        if (
            features.type != "tensor(float)"
            or len(features.shape) != 2
            or not isinstance(features.shape[1], int)
        ):
            raise CheckFailedError(
                f"{self.file}: output {features.name}: found {features.type} {features.shape},"
                " wanted tensor(float) [batch, features] with fixed features"
            )
        for value in (frames, features):
            if isinstance(value.shape[0], int):
                raise CheckFailedError(
                    f"{self.file}: {value.name}: found batch {value.shape[0]}, wanted a dynamic one"
                )
        self.height, self.width, self.features = shape[1], shape[2], features.shape[1]

    def _check_run(self) -> None:
        for batch in (1, 3):
            frames = np.zeros((batch, self.height, self.width, 3), np.uint8)
            try:
                found = self._session.run([self._output], {self._input: frames})[0].shape
            except Exception as broken:  # ONNX Runtime's own errors share no public base class.
                raise CheckFailedError(f"{self.file}: batch {batch} fails: {broken}") from broken
            if found != (batch, self.features):
                raise CheckFailedError(
                    f"{self.file}: batch {batch} gives {found}, wanted {(batch, self.features)}"
                )

    def identity(self) -> str:
        """The hash of the file."""
        return self._identity

    def encode(self, frames: np.ndarray) -> np.ndarray:
        """uint8 [B,height,width,3] to float32 [B,features], B of any size, 0 too."""
        if frames.dtype != np.uint8 or frames.shape[1:] != (self.height, self.width, 3):
            raise UsageError(
                f"frames are {frames.dtype} {list(frames.shape)}, the encoder takes uint8"
                f" [batch, {self.height}, {self.width}, 3]"
            )
        out = np.zeros((len(frames), self.features), np.float32)

        def one(start: int) -> None:
            part = np.ascontiguousarray(frames[start : start + CHUNK])
            out[start : start + CHUNK] = self._session.run([self._output], {self._input: part})[0]

        starts = range(0, len(frames), CHUNK)
        if self._threads == 1 or len(starts) < 2:
            for start in starts:
                one(start)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(one, starts))
        return out
