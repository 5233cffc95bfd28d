"""What the loop trains: windows, loss, parameters and scores of one kind of training."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Generic

import numpy as np
import torch
from torch import nn

from gatestream_export.data.sequences import IGNORED, Sequences
from gatestream_export.training import evaluation
from gatestream_export.training.lanes import AnyWindow, Window, WindowSource, windows
from gatestream_export.training.networks import Networks
from gatestream_export.training.recipe import Recipe


class Task(ABC, Generic[AnyWindow]):
    """One kind of training: the loop asks it for all that differs between kinds."""

    def __init__(self, networks: Networks, source: WindowSource[AnyWindow]) -> None:
        self.networks = networks
        self.source = source

    @abstractmethod
    def groups(self) -> list[dict[str, Any]]:
        """What is trained: `params` with their full rate `lr`, as torch's optimisers take them."""

    @abstractmethod
    def loss(self, window: AnyWindow, features: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
        """The loss of a window [L,W] with a frame that counts; features [L,W,F], logits [L,W,C]."""

    @abstractmethod
    def scores(self) -> dict[str, Any]:
        """What a validation finds, for the history.

        The weights of the highest `accuracy` are the best; without that score, the last.
        """


class Classification(Task[Window]):
    """Cross-entropy over the frames that count, validated by accuracy."""

    def __init__(
        self, networks: Networks, training: Sequences, validation: Sequences | None, recipe: Recipe
    ) -> None:
        super().__init__(networks, windows(training, recipe))
        self._recipe = recipe
        self._validation = validation
        self._cross_entropy = nn.CrossEntropyLoss(
            class_weights(training) if recipe.balanced else None
        )

    def groups(self) -> list[dict[str, Any]]:
        """The recurrent part, then a tuned encoder with a rate of its own."""
        recipe, encoder = self._recipe, self.networks.encoder
        found = [{"params": list(self.networks.recurrent.parameters()), "lr": recipe.rate}]
        if encoder is not None and self.networks.tuned():
            rate = recipe.rate / 10 if recipe.encoder_rate is None else recipe.encoder_rate
            found.append(
                {"params": [p for p in encoder.parameters() if p.requires_grad], "lr": rate}
            )
        return found

    def loss(self, window: Window, features: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
        """Cross-entropy, weighted by class where the recipe is balanced."""
        counts = torch.from_numpy(window.counts)
        return self._cross_entropy(logits[counts], torch.from_numpy(window.labels)[counts])

    def scores(self) -> dict[str, Any]:
        """`accuracy` and `byClass` of the validation streams; nothing without any."""
        if self._validation is None:
            return {}
        truth = [s.labels for s in self._validation.streams]
        found = evaluation.logits(self.networks, self._validation.streams)
        guess = [values.argmax(axis=1) for values in found]
        return {
            "accuracy": evaluation.accuracy(truth, guess),
            "byClass": evaluation.by_class(self._validation.labels, truth, guess),
        }


def class_weights(data: Sequences) -> torch.Tensor:
    """The inverse of each class's share of the labelled frames, 1 on average over frames."""
    labels = np.concatenate([s.labels for s in data.streams])
    counts = np.bincount(labels[labels != IGNORED], minlength=len(data.labels))
    present = counts > 0
    weights = np.where(present, counts.sum() / np.maximum(1, counts) / present.sum(), 0.0)
    return torch.from_numpy(weights.astype(np.float32))
