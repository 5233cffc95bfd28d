"""The GRU cell from its equations, in numpy, in both published forms of its reset gate.

docs/gru.md explains them. Nothing runs a model with this file: it says what the cell is, and the
tests hold torch and ONNX Runtime to it. Every result has the type of its inputs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, final

import numpy as np

if TYPE_CHECKING:
    from torch import nn

BEFORE = "before"
"""The reset gate scales the state before the recurrent product: Cho et al. 2014 (arXiv v3)."""

AFTER = "after"
"""It scales the recurrent product with its bias: Cho et al. 2014 (arXiv v1), cuDNN and torch."""

LINEAR_BEFORE_RESET = {BEFORE: 0, AFTER: 1}
"""The attribute of ONNX's GRU node that selects each form."""


@final
@dataclass(frozen=True, eq=False)
class GateWeights:
    """One gate: `input` [H,I], `recurrent` [H,H], `input_bias` and `recurrent_bias` [H]."""

    input: np.ndarray
    recurrent: np.ndarray
    input_bias: np.ndarray
    recurrent_bias: np.ndarray

    def __post_init__(self) -> None:
        hidden = len(self.input)
        wanted = {"recurrent": (hidden, hidden), "input_bias": (hidden,)}
        wanted |= {"recurrent_bias": (hidden,)}
        if self.input.ndim != 2:
            raise ValueError(f"input has shape {self.input.shape}, wanted [hidden,inputs]")
        for name, shape in wanted.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} has shape {getattr(self, name).shape}, wanted {shape}")

    def negated(self) -> GateWeights:
        """The gate that opens as far as this one closes: 1 - sigmoid(a) is sigmoid(-a)."""
        return GateWeights(-self.input, -self.recurrent, -self.input_bias, -self.recurrent_bias)


@final
@dataclass(frozen=True, eq=False)
class GruWeights:
    """The three parts of one layer; `update` is z, `reset` is r, `candidate` is n."""

    update: GateWeights
    reset: GateWeights
    candidate: GateWeights

    def __post_init__(self) -> None:
        shapes = {gate.input.shape for gate in (self.update, self.reset, self.candidate)}
        if len(shapes) > 1:
            raise ValueError(f"the gates' input weights differ in shape: {sorted(shapes)}")

    def update_negated(self) -> GruWeights:
        """To or from the sources that write h' = (1-z) h + z n: their z is 1 - z here."""
        return replace(self, update=self.update.negated())


def from_torch(module: nn.GRU | nn.GRUCell, layer: int = 0) -> GruWeights:
    """The weights of a torch cell, or of one layer of a one-directional GRU; copies.

    torch stacks the gates in the order r, z, n. Absent biases become zeros.
    """
    suffix = "" if hasattr(module, "weight_ih") else f"_l{layer}"

    def stacked(name: str) -> np.ndarray:
        return getattr(module, name + suffix).detach().cpu().numpy().copy()

    inputs, recurrent = stacked("weight_ih"), stacked("weight_hh")
    biases = [np.zeros(len(inputs), inputs.dtype) for _ in range(2)]
    if module.bias:
        biases = [stacked("bias_ih"), stacked("bias_hh")]
    parts = [np.split(value, 3) for value in (inputs, recurrent, *biases)]
    reset, update, candidate = (GateWeights(*gate) for gate in zip(*parts, strict=True))
    return GruWeights(update, reset, candidate)


def to_onnx(weights: GruWeights) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """W [1,3H,I], R [1,3H,H] and B [1,6H] of ONNX's GRU node, gates in the order z, r, h."""
    gates = (weights.update, weights.reset, weights.candidate)
    biases = [g.input_bias for g in gates] + [g.recurrent_bias for g in gates]
    return (
        np.concatenate([g.input for g in gates])[None],
        np.concatenate([g.recurrent for g in gates])[None],
        np.concatenate(biases)[None],
    )


def sigmoid(a: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-a)), by tanh, which does not overflow."""
    return 0.5 * (1 + np.tanh(0.5 * a))


def gate(weights: GateWeights, x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """z or r [B,H]: sigmoid(W x + b + R h + c)."""
    fresh = x @ weights.input.T + weights.input_bias
    return sigmoid(fresh + h @ weights.recurrent.T + weights.recurrent_bias)


def candidate(
    weights: GateWeights, x: np.ndarray, h: np.ndarray, r: np.ndarray, form: str
) -> np.ndarray:
    """n [B,H]: tanh(W x + b + R (r h) + c), BEFORE, or tanh(W x + b + r (R h + c)), AFTER."""
    fresh = x @ weights.input.T + weights.input_bias
    if form == BEFORE:
        return np.tanh(fresh + (r * h) @ weights.recurrent.T + weights.recurrent_bias)
    if form == AFTER:
        return np.tanh(fresh + r * (h @ weights.recurrent.T + weights.recurrent_bias))
    raise ValueError(f"unknown form {form!r}; known: {BEFORE}, {AFTER}")


def new_state(z: np.ndarray, h: np.ndarray, n: np.ndarray) -> np.ndarray:
    """h' [B,H]: z keeps the state, 1 - z takes the candidate."""
    return z * h + (1 - z) * n


def step(weights: GruWeights, x: np.ndarray, h: np.ndarray, form: str = AFTER) -> np.ndarray:
    """One frame: inputs x [B,I] and state h [B,H] to the next state [B,H]."""
    z = gate(weights.update, x, h)
    r = gate(weights.reset, x, h)
    n = candidate(weights.candidate, x, h, r, form)
    return new_state(z, h, n)


def run(weights: GruWeights, xs: np.ndarray, h: np.ndarray, form: str = AFTER) -> np.ndarray:
    """A sequence: xs [T,B,I] from state h [B,H] to the states after every frame, [T,B,H]."""
    states = []
    for x in xs:
        h = step(weights, x, h, form)
        states.append(h)
    return np.stack(states) if states else np.zeros((0, *h.shape), h.dtype)
