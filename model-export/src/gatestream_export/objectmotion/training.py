"""Training of object motion: the general loop over lanes of clips, with two losses more.

Beside the label the loss is on the thing's place and size, which only training knows, and on the
memoryless head, which learns from the features and never changes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from gatestream_export.objectmotion import evaluation
from gatestream_export.objectmotion.clips import Clips
from gatestream_export.objectmotion.lanes import MotionLanes, MotionWindow
from gatestream_export.objectmotion.motion import INPUT_SIZE
from gatestream_export.objectmotion.network import MotionNetworks, place_head
from gatestream_export.training import loop
from gatestream_export.training.recipe import Recipe
from gatestream_export.training.task import Task


def normalised_place(place: np.ndarray) -> torch.Tensor:
    """Centre and log size, roughly within -1..1."""
    centre = (place[..., :2] - INPUT_SIZE / 2) / 16.0
    size = np.log(place[..., 2:] / 20.0) / 0.4
    return torch.from_numpy(np.concatenate([centre, size], axis=-1).astype(np.float32))


class MotionTask(Task[MotionWindow]):
    """Labels, places and the memoryless head; the last weights are the best."""

    networks: MotionNetworks

    def __init__(
        self,
        networks: MotionNetworks,
        clips: Clips,
        validation: Clips | None,
        recipe: Recipe,
        cycle: int = 0,
    ) -> None:
        super().__init__(networks, MotionLanes(clips, recipe, cycle))
        self._validation = validation
        self._rate = recipe.rate
        self._place = place_head()
        self._cross_entropy = nn.CrossEntropyLoss()

    def groups(self) -> list[dict[str, Any]]:
        """Everything at one rate."""
        parts = (*self.networks.parts().values(), self._place)
        parameters = [p for part in parts for p in part.parameters() if p.requires_grad]
        return [{"params": parameters, "lr": self._rate}]

    def loss(
        self, window: MotionWindow, features: torch.Tensor, logits: torch.Tensor
    ) -> torch.Tensor:
        """The sum of the three."""
        counts = torch.from_numpy(window.counts)
        label = torch.from_numpy(window.labels)[counts]
        motion = self._cross_entropy(logits[counts], label)
        place = nn.functional.smooth_l1_loss(
            self._place(features), normalised_place(window.place), beta=0.1
        )
        single = self.networks.memoryless.memoryless(features.detach())
        return motion + place + self._cross_entropy(single[counts], label)

    def scores(self) -> dict[str, Any]:
        """Settled, raw and memoryless accuracy over the validation clips; nothing without any."""
        if self._validation is None:
            return {}
        found = evaluation.evaluate(self.networks, self._validation)
        return {"settled": found.settled, "raw": found.raw, "memoryless": found.memoryless}


def train(
    networks: MotionNetworks,
    clips: Clips,
    validation: Clips | None,
    recipe: Recipe,
    cycle: int = 0,
    report: Callable[[str], None] = tqdm.write,
    weights: Path | None = None,
) -> None:
    """Trains one cycle of the cosine rate, in place; deterministic for a given thread count.

    Each cycle after the first goes on from the weights of the one before with a new optimiser, new
    place head and new draws of clips. `weights` is rewritten after each validation.
    """
    # The clips' draws have the cycle in their key already; torch's draws get a seed of their own.
    torch_seed = recipe.seed + 1000 * cycle
    if cycle:
        torch.manual_seed(torch_seed)

    def validated(entry: dict[str, Any]) -> None:
        if "settled" in entry:
            report(
                f"step {entry['step']}: loss {entry['loss']:.3f}, validation settled"
                f" {entry['settled']:.4f}, raw {entry['raw']:.4f}, memoryless"
                f" {entry['memoryless']:.4f}"
            )
        if weights is not None:
            torch.save(networks.weights(), weights)

    task = MotionTask(networks, clips, validation, recipe, cycle)
    loop.perform(task, replace(recipe, seed=torch_seed), metrics=validated)
