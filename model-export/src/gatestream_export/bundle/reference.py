"""What a bundle is held to: the torch modules it was made of, or its own graphs as they stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gatestream_export.bundle.runtime import Bundle

Values = list[np.ndarray]


@dataclass(frozen=True)
class Reference:
    """What a bundle is held to.

    `encode` takes uint8 [B,H,W,3]; `step` takes features, states, elapsed [B,1] and auxiliary [B,n]
    and gives logits and the next states.
    """

    description: str
    encode: Callable[[np.ndarray], np.ndarray]
    step: Callable[[np.ndarray, Values, np.ndarray, np.ndarray], tuple[np.ndarray, Values]]


def unoptimised(folder: Path) -> Reference:
    """The bundle's own graphs with every graph optimisation of ONNX Runtime disabled."""
    plain = Bundle(folder, optimised=False)
    return Reference("ONNX Runtime without graph optimisations", plain.encode, plain.step)


def of_modules(bundle: Bundle, encoder: Any | None, step: Any | None) -> Reference:
    """The torch modules; a part that is None is the bundle's own graph, not optimised.

    `step` has `input_names()`, in the order of its arguments, and gives the logits and the states.
    """
    plain = unoptimised(bundle.folder)
    if encoder is None and step is None:
        return plain
    description = "torch"
    if encoder is None or step is None:
        graph, module = ("encoder", "step") if encoder is None else ("step", "encoder")
        description = f"torch ({module}) and {plain.description} ({graph})"
    return Reference(
        description,
        plain.encode if encoder is None else _torch_encode(encoder),
        plain.step if step is None else _torch_step(step, bundle),
    )


def _torch_encode(module: Any) -> Callable:
    import torch

    module.eval()

    def encode(frames: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return module(torch.from_numpy(np.array(frames))).numpy()

    return encode


def _torch_step(module: Any, bundle: Bundle) -> Callable:
    import torch

    module.eval()
    c = bundle.contract

    def step(
        features: np.ndarray, states: Values, elapsed: np.ndarray, auxiliary: np.ndarray
    ) -> tuple[np.ndarray, Values]:
        values = {c.step_features.name: features, c.elapsed: elapsed}
        values |= {s.input: v for s, v in zip(c.states, states, strict=True)}
        if c.auxiliary is not None:
            values[c.auxiliary["name"]] = auxiliary
        given = [torch.from_numpy(np.array(values[name])) for name in module.input_names()]
        with torch.inference_mode():
            logits, *after = (value.numpy() for value in module(*given))
        return logits, after

    return step
