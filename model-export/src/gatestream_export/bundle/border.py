"""The tensors at the border of two ONNX graphs: which is a frame, a feature, a state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from onnxruntime import NodeArg

from gatestream_export.bundle.contract import StateTensor, Tensor
from gatestream_export.bundle.runtime import open_session
from gatestream_export.bundle.specification import Border
from gatestream_export.errors import CheckFailedError

TYPES = {"tensor(uint8)": "uint8", "tensor(float)": "float32"}
NUMPY = {"uint8": np.uint8, "float32": np.float32}
SUFFIXES = ("_next", "_out", "_new")
PREFIXES = ("next_", "new_", "out_")


@dataclass(frozen=True)
class Hints:
    """What the names alone do not say. `states` are (input, output) pairs."""

    states: tuple[tuple[str, str], ...] = ()
    elapsed: str = "elapsed"
    auxiliary: str = "auxiliary"


def read(encoder: Path, step: Path, height: int, width: int, hints: Hints = Hints()) -> Border:
    """Finds every tensor of the two graphs.

    Raises:
        CheckFailedError: a type, rank or batch dimension that format 1 does not have, or a state
            without its output; with what was expected and found.
    """
    frames, features = _encoder(encoder, height, width)
    inputs, outputs = _tensors(step, {})
    taken = _features_input(step, inputs, features, hints)
    elapsed = inputs.pop(hints.elapsed, None)
    auxiliary = inputs.pop(hints.auxiliary, None)
    if elapsed is not None and elapsed.shape != (-1, 1):
        raise CheckFailedError(_found(step, elapsed, "float32 [-1, 1] (elapsed seconds)"))
    if auxiliary is not None and len(auxiliary.shape) != 2:
        raise CheckFailedError(_found(step, auxiliary, "float32 [-1, n] (side features)"))
    inputs.pop(taken.name)
    pairs = _pairs(step, inputs, outputs, hints)
    rest = [t for name, t in outputs.items() if name not in {out for _, out in pairs}]
    if len(rest) != 1:
        raise CheckFailedError(
            f"{step.name}: outputs {[str_of(t) for t in rest]} beside the states:"
            " expected one, the logits"
        )
    return Border(
        frames=frames,
        features=features,
        step_features=taken,
        logits=rest[0],
        states=tuple(StateTensor(i, o, inputs[i].shape[1:]) for i, o in pairs),
        elapsed=None if elapsed is None else elapsed.name,
        auxiliary=None if auxiliary is None else (auxiliary.name, auxiliary.shape[1]),
    )


def str_of(tensor: Tensor) -> str:
    """`name type [shape]`."""
    return f"{tensor.name} {tensor.type} {list(tensor.shape)}"


def _found(file: Path, tensor: Tensor, expected: str) -> str:
    return f"{file.name}: {str_of(tensor)}: expected {expected}"


def _encoder(file: Path, height: int, width: int) -> tuple[Tensor, Tensor]:
    for value in open_session(file).get_inputs():
        refuse_clip(file, value)
    inputs, outputs = _tensors(file, {0: (height, width, 3)})
    for what, values in (("input", inputs), ("output", outputs)):
        if len(values) != 1:
            raise CheckFailedError(f"{file.name}: {what}s {list(values)}: expected one {what}")
    frames, features = next(iter(inputs.values())), next(iter(outputs.values()))
    if frames.type != "uint8" or frames.shape != (-1, height, width, 3):
        raise CheckFailedError(
            _found(file, frames, f"uint8 {[-1, height, width, 3]}: RGB, normalised in the graph")
        )
    if features.type != "float32" or len(features.shape) != 2:
        raise CheckFailedError(_found(file, features, "float32 [-1, F] (pooled or flattened)"))
    return frames, features


def refuse_clip(file: Path, value: NodeArg) -> None:
    """Refuses an encoder whose input holds several frames."""
    if len(value.shape) == 5:
        raise CheckFailedError(
            f"{file.name}: {value.name} has the shape {value.shape}, a clip of several frames:"
            " expected [B, H, W, 3]; format 1 takes one frame an encoder call"
        )


def _features_input(file: Path, inputs: dict, features: Tensor, hints: Hints) -> Tensor:
    known = {hints.elapsed, hints.auxiliary} | {i for i, _ in hints.states}
    if features.name in inputs:
        found = inputs[features.name]
    elif "features" in inputs:
        found = inputs["features"]
    else:
        fitting = [t for n, t in inputs.items() if t.shape == features.shape and n not in known]
        if not fitting:
            raise CheckFailedError(
                f"{file.name}: inputs {[str_of(t) for t in inputs.values()]}: expected one that"
                f" takes the encoder's features, float32 {list(features.shape)}"
            )
        found = fitting[0]
    if found.shape != features.shape:
        raise CheckFailedError(
            _found(file, found, f"{list(features.shape)}, what the encoder gives")
        )
    return found


def _pairs(file: Path, inputs: dict, outputs: dict, hints: Hints) -> list[tuple[str, str]]:
    named = dict(hints.states)
    for name, given in hints.states:
        if name not in inputs or given not in outputs:
            raise CheckFailedError(
                f"{file.name}: no state {name}:{given}: inputs {list(inputs)},"
                f" outputs {list(outputs)}"
            )
    free = [o for o in outputs if o not in named.values() and o != "logits"]
    for name in inputs:
        candidates = [name + s for s in SUFFIXES] + [p + name for p in PREFIXES]
        output = next((c for c in candidates if c in free), None)
        if name not in named and output is not None:
            named[name] = output
            free.remove(output)
    for name in inputs:
        fitting = [o for o in free if outputs[o].shape == inputs[name].shape]
        if name in named:
            continue
        if len(fitting) != 1:
            raise CheckFailedError(
                f"{file.name}: the state {str_of(inputs[name])} has no output: expected"
                f" {name}_next or one other output of its shape, found"
                f" {[str_of(outputs[o]) for o in free]}; name it with --state {name}:OUTPUT"
            )
        named[name] = fitting[0]
        free.remove(fitting[0])
    for name, output in named.items():
        if inputs[name].shape != outputs[output].shape:
            raise CheckFailedError(
                _found(file, outputs[output], f"{list(inputs[name].shape)}, as its input {name}")
            )
    return [(name, named[name]) for name in inputs]


def _tensors(
    file: Path, sizes: dict[int, Sequence[int]]
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Inputs and outputs by name, open dimensions but the batch filled in.

    An open size of an input comes from `sizes` (by the input's position), one of an output from a
    run with zeros.
    """
    session = open_session(file)
    inputs: dict[str, Tensor] = {}
    for index, value in enumerate(session.get_inputs()):
        shape = _batch_first(file, value)
        given = sizes.get(index, ())
        if len(given) == len(shape):
            shape = [s if isinstance(s, int) else g for s, g in zip(shape, given, strict=True)]
        if not all(isinstance(s, int) for s in shape):
            raise CheckFailedError(
                f"{file.name}: {value.name} has the shape {value.shape}: expected numbers but for"
                " the batch"
            )
        inputs[value.name] = Tensor(value.name, _type(file, value), (-1, *shape))
    feed = {n: np.zeros((3, *t.shape[1:]), NUMPY[t.type]) for n, t in inputs.items()}
    try:
        results = session.run(None, feed)
    except Exception as failed:  # ONNX Runtime's own errors share no public base class.
        raise CheckFailedError(f"{file.name} does not run with a batch of 3: {failed}") from failed
    outputs: dict[str, Tensor] = {}
    for value, result in zip(session.get_outputs(), results, strict=True):
        _batch_first(file, value)
        outputs[value.name] = Tensor(value.name, _type(file, value), (-1, *result.shape[1:]))
    return inputs, outputs


def _batch_first(file: Path, value: NodeArg) -> list[int]:
    if len(value.shape) < 2:
        raise CheckFailedError(
            f"{file.name}: {value.name} has the shape {value.shape}: expected 2 or more dimensions,"
            " the batch first"
        )
    if isinstance(value.shape[0], int):
        raise CheckFailedError(
            f"{file.name}: {value.name} has the shape {value.shape}, its batch fixed at"
            f" {value.shape[0]}: expected a dynamic batch; export it with one"
        )
    return list(value.shape[1:])


def _type(file: Path, value: NodeArg) -> str:
    if value.type not in TYPES:
        raise CheckFailedError(
            f"{file.name}: {value.name} has the type {value.type}: expected uint8 frames and"
            " float32 for all else"
        )
    return TYPES[value.type]
