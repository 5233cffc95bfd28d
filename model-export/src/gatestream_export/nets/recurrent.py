"""The recurrent part of a model in torch: any cell, its head, and the one-frame step for export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from gatestream_export.errors import UsageError

CELLS = ("gru", "lstm", "rnn", "none")
"""`none` is memoryless: the head alone, without any state."""

States = tuple[torch.Tensor, ...]
"""Each [B,layers,hidden]: one for gru and rnn, hidden and cell state for lstm, none for none."""


@dataclass(frozen=True)
class RecurrentShape:
    """The sizes of a recurrent part. `dropout` is before each layer and before the head."""

    cell: str
    features: int
    classes: int
    hidden: int = 256
    layers: int = 2
    dropout: float = 0.0
    elapsed: bool = False
    auxiliary: int = 0

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise UsageError(f"unknown cell {self.cell!r}; known: {', '.join(CELLS)}")
        for name in ("features", "classes", "hidden", "layers"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} {getattr(self, name)}, wanted 1 or more")
        if not 0 <= self.dropout < 1 or self.auxiliary < 0:
            raise UsageError(f"dropout {self.dropout}, auxiliary {self.auxiliary}: out of range")

    def inputs(self) -> int:
        """Numbers a cell takes a frame."""
        return self.features

    def beside(self) -> int:
        """Numbers beside the features: the elapsed time and the side features."""
        return int(self.elapsed) + self.auxiliary

    def states(self) -> tuple[str, ...]:
        """Names of the state tensors, as inputs of the exported step."""
        return {"lstm": ("hidden", "cell"), "none": ()}.get(self.cell, ("hidden",))


class Recurrent(nn.Module):
    """Features and states in, logits of every frame and the next states out.

    What comes beside the picture, log(1 + elapsed seconds) and the side features, is fused before
    the cell: it scales and shifts each feature by learned linear functions of it (FiLM, Perez et
    al., AAAI 2018). Merely put next to hundreds of features it was hardly heard: such a model
    learned nothing from a side feature that decides what the picture means.
    """

    cell: nn.RNNBase | None
    hidden: nn.Module
    """The layer of a memoryless part, which has no cell."""

    def __init__(self, shape: RecurrentShape) -> None:
        super().__init__()
        self.shape = shape
        self.drop = nn.Dropout(shape.dropout)
        kind = {"gru": nn.GRU, "lstm": nn.LSTM, "rnn": nn.RNN}.get(shape.cell)
        self.side = nn.Linear(shape.beside(), 2 * shape.features) if shape.beside() else None
        if kind is None:
            self.cell = None
            self.hidden = nn.Linear(shape.inputs(), shape.hidden)
        else:
            between = shape.dropout if shape.layers > 1 else 0.0
            self.cell = kind(
                shape.inputs(), shape.hidden, shape.layers, batch_first=True, dropout=between
            )
        self.head = nn.Linear(shape.hidden, shape.classes)

    def zero_states(self, batch: int) -> States:
        """The states of `batch` streams before their first frame."""
        size = (batch, self.shape.layers, self.shape.hidden)
        return tuple(torch.zeros(size) for _ in self.shape.states())

    def fused(
        self,
        features: torch.Tensor,
        elapsed: torch.Tensor | None,
        auxiliary: torch.Tensor | None,
    ) -> torch.Tensor:
        """What the cell sees of a frame: [...,inputs], of features [...,F] and the rest."""
        if self.side is None:
            return features
        beside = []
        if self.shape.elapsed:
            if elapsed is None:
                raise ValueError("this model takes elapsed, and none was given")
            beside.append(torch.log1p(elapsed))
        if self.shape.auxiliary:
            if auxiliary is None:
                raise ValueError("this model takes auxiliary, and none was given")
            beside.append(auxiliary)
        scale, shift = self.side(torch.cat(beside, dim=-1)).chunk(2, dim=-1)
        return features * (1 + scale) + shift

    def memoryless(self, inputs: torch.Tensor) -> torch.Tensor:
        """Without a cell: [...,inputs] to logits [...,C]."""
        return self.head(self.drop(torch.relu(self.hidden(inputs))))

    def forward(
        self,
        features: torch.Tensor,
        states: States,
        elapsed: torch.Tensor | None = None,
        auxiliary: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, States]:
        """Features [B,T,F], elapsed [B,T,1] and auxiliary [B,T,n] to logits [B,T,C].

        `elapsed` and `auxiliary` are not looked at where the model does not take them.
        """
        inputs = self.drop(self.fused(features, elapsed, auxiliary))
        if self.cell is None:
            return self.memoryless(inputs), ()
        # torch wants [layers,B,hidden]; the bundle's border has the batch first.
        inner = tuple(s.transpose(0, 1).contiguous() for s in states)
        outputs, after = self.cell(inputs, inner if self.shape.cell == "lstm" else inner[0])
        after = after if self.shape.cell == "lstm" else (after,)
        return self.head(self.drop(outputs)), tuple(s.transpose(0, 1) for s in after)


_KERNELS: dict[type[nn.Module], Callable[..., Any]] = {
    nn.GRU: torch.gru,
    nn.LSTM: torch.lstm,
    nn.RNN: torch.rnn_tanh,
}


class Step(nn.Module):
    """What is exported: one frame. Inputs in the order of `input_names`, all [B,...] float32.

    The same numbers as the sequence of one frame, without dropout. It runs each layer by itself and
    takes the layer's last state for its output: exported as a sequence, every layer would drag a
    dozen reshaping nodes behind it, a third of the time of a small step.
    """

    def __init__(self, recurrent: Recurrent) -> None:
        super().__init__()
        self.recurrent = recurrent

    def input_names(self) -> tuple[str, ...]:
        """features, the states, then elapsed and auxiliary where the model takes them."""
        shape = self.recurrent.shape
        extras = (("elapsed",) if shape.elapsed else ()) + (
            ("auxiliary",) if shape.auxiliary else ()
        )
        return ("features", *shape.states(), *extras)

    def output_names(self) -> tuple[str, ...]:
        """logits, then the next states."""
        return ("logits", *(f"{name}_next" for name in self.recurrent.shape.states()))

    def example(self, batch: int = 3) -> tuple[torch.Tensor, ...]:
        """Zeros in the shapes of the inputs."""
        shape = self.recurrent.shape
        extras = ([1] if shape.elapsed else []) + ([shape.auxiliary] if shape.auxiliary else [])
        return (
            torch.zeros(batch, shape.features),
            *self.recurrent.zero_states(batch),
            *(torch.zeros(batch, size) for size in extras),
        )

    def forward(self, features: torch.Tensor, *rest: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The inputs in order; returns logits [B,C] and the next states."""
        whole = self.recurrent
        count = len(whole.shape.states())
        extras = list(rest[count:])
        elapsed = extras.pop(0) if whole.shape.elapsed else None
        auxiliary = extras.pop(0) if whole.shape.auxiliary else None
        inputs = whole.fused(features, elapsed, auxiliary)
        if whole.cell is None:
            return (whole.memoryless(inputs),)
        outputs, after = self._layers(whole.cell, inputs, rest[:count])
        return (whole.head(outputs), *after)

    def _layers(
        self, cell: nn.RNNBase, inputs: torch.Tensor, states: States
    ) -> tuple[torch.Tensor, States]:
        """Inputs [B,I] through all layers: the last one's output [B,H], and the next states."""
        kind = _KERNELS[type(cell)]
        inner = tuple(s.transpose(0, 1).contiguous() for s in states)
        value = inputs.unsqueeze(0)
        after = []
        for layer in range(cell.num_layers):
            before = tuple(s[layer : layer + 1] for s in inner)
            _, *own = kind(
                value,
                before if kind is torch.lstm else before[0],
                cell.all_weights[layer],
                has_biases=True,
                num_layers=1,
                dropout=0.0,
                train=False,
                bidirectional=False,
                batch_first=False,
            )
            after.append(own)
            value = own[0]
        joined = (torch.cat(part).transpose(0, 1) for part in zip(*after, strict=True))
        return value.squeeze(0), tuple(joined)
