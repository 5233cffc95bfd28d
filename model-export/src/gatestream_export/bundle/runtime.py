"""A bundle under ONNX Runtime on the CPU: one thread, so that rows do not depend on the batch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort

from gatestream_export.bundle import contract
from gatestream_export.bundle.contract import Contract
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.picture.resize import ResizeRule

_TYPES = {"uint8": "tensor(uint8)", "float32": "tensor(float)"}


def open_session(file: Path, optimised: bool = True) -> ort.InferenceSession:
    """A single-threaded CPU session; `optimised` False runs the graph node by node as written."""
    if not file.is_file():
        raise UsageError(f"missing file: {file}")
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if not optimised:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        return ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as broken:  # ONNX Runtime's own errors share no public base class.
        raise CheckFailedError(f"{file} does not load: {broken}") from broken


class Bundle:
    """Encoder and step of one bundle folder. One thread at a time."""

    def __init__(self, folder: Path, optimised: bool = True) -> None:
        self.folder = folder
        self.contract: Contract = contract.load(folder)
        document = self.contract.document
        self._encoder = open_session(folder / document["encoder"]["file"], optimised)
        self._step = open_session(folder / document["step"]["file"], optimised)
        self.resize = ResizeRule.from_dict(document["input"])

    def check_borders(self) -> None:
        """Compares names, types and shapes of both graphs with model.json."""
        c = self.contract
        _compare("encoder input", self._encoder.get_inputs(), [(c.frames.name, c.frames)])
        _compare(
            "encoder output",
            self._encoder.get_outputs(),
            [(c.encoder_features.name, c.encoder_features)],
        )
        states_in = [
            (s.input, contract.Tensor(s.input, "float32", (-1, *s.shape))) for s in c.states
        ]
        states_out = [
            (s.output, contract.Tensor(s.output, "float32", (-1, *s.shape))) for s in c.states
        ]
        extra = []
        if c.elapsed is not None:
            extra.append((c.elapsed, contract.Tensor(c.elapsed, "float32", (-1, 1))))
        if c.auxiliary is not None:
            name, size = c.auxiliary["name"], c.auxiliary["size"]
            extra.append((name, contract.Tensor(name, "float32", (-1, size))))
        _compare(
            "step input",
            self._step.get_inputs(),
            [(c.step_features.name, c.step_features), *states_in, *extra],
        )
        _compare("step output", self._step.get_outputs(), [(c.logits.name, c.logits), *states_out])

    def initial_states(self, batch: int = 1) -> list[np.ndarray]:
        """The states before a stream's first frame."""
        states = []
        for s in self.contract.states:
            one = np.zeros(s.shape, np.float32)
            if s.initial is not None:
                one = np.array(s.initial, np.float32).reshape(s.shape)
            states.append(np.repeat(one[None], batch, axis=0))
        return states

    def encode(self, frames: np.ndarray) -> np.ndarray:
        """uint8 [B,H,W,3] to features [B,F]."""
        c = self.contract
        return self._encoder.run([c.encoder_features.name], {c.frames.name: frames})[0]

    def step(
        self,
        features: np.ndarray,
        states: list[np.ndarray],
        elapsed: np.ndarray | None = None,
        auxiliary: np.ndarray | None = None,
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """Features [B,F] and states to logits [B,C] and the next states."""
        c = self.contract
        feed: dict[str, np.ndarray | None] = {c.step_features.name: features}
        feed |= {s.input: value for s, value in zip(c.states, states, strict=True)}
        if c.elapsed is not None:
            feed[c.elapsed] = elapsed
        if c.auxiliary is not None:
            feed[c.auxiliary["name"]] = auxiliary
        logits, *after = self._step.run([c.logits.name, *(s.output for s in c.states)], feed)
        return logits, after


def _compare(what: str, found: list, wanted: list[tuple[str, contract.Tensor]]) -> None:
    names = [f.name for f in found]
    missing = {name for name, _ in wanted} - set(names)
    # A reader asks for outputs by name, and may leave one; every input must be fed.
    if missing or (what.endswith("input") and len(names) != len(wanted)):
        raise CheckFailedError(f"{what}: found {names}, model.json says {[n for n, _ in wanted]}")
    for name, tensor in wanted:
        value = next(f for f in found if f.name == name)
        if value.type != _TYPES[tensor.type]:
            raise CheckFailedError(f"{what} {name}: found {value.type}, wanted {tensor.type}")
        shape = tuple(d if isinstance(d, int) else -1 for d in value.shape)
        # A size that the graph leaves open is found by running it; the batch must be open.
        open_or_same = len(shape) == len(tensor.shape) and all(
            f == w if i == 0 else f in (-1, w)
            for i, (f, w) in enumerate(zip(shape, tensor.shape, strict=True))
        )
        if not open_or_same:
            raise CheckFailedError(
                f"{what} {name}: found shape {value.shape}, wanted {list(tensor.shape)}"
            )
