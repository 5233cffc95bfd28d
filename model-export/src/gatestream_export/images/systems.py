"""Image classifiers with a recurrent part: rows as time steps, feature-map columns as time steps.

Every system trains on equal terms (MiniROAD's windows, each from the initial state), is chosen by
its validation accuracy, and is scored once on the test part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch

from gatestream_export.data.image_sets import PICTURES, ROWS, ImageSet
from gatestream_export.data.sequences import IGNORED, Sequences
from gatestream_export.nets.pixels import ColumnGru, LinearHead, RowPixels
from gatestream_export.nets.recurrent import Recurrent, RecurrentShape
from gatestream_export.training import evaluation, loop
from gatestream_export.training.networks import Networks
from gatestream_export.training.recipe import WINDOWS, Recipe

ROW_RECIPE = Recipe(
    method=WINDOWS,
    steps=1500,
    lanes=64,
    window=8,
    loss_last=1,
    rate=4e-3,
    warm_up=50,
    weight_decay=1e-2,
    drop=0.0,
    every=100,
    threads=1,
)
"""89 times through the 1,077 training images. A second thread would wait more than it computes."""

PICTURE_RECIPE = Recipe(
    method=WINDOWS,
    steps=400,
    lanes=64,
    window=1,
    loss_last=1,
    rate=1e-3,
    encoder_rate=1e-3,
    warm_up=50,
    weight_decay=1e-2,
    drop=0.0,
    every=50,
    threads=1,
)

CIFAR_EPOCHS = 12


@dataclass(frozen=True)
class ImageSystem:
    """One system: its networks by the number of classes, and how it trains."""

    name: str
    description: str
    form: str
    networks: Callable[[int], Networks]
    recipe: Recipe


def _rows(cell: str, hidden: int, layers: int) -> Callable[[int], Networks]:
    def build(classes: int) -> Networks:
        shape = RecurrentShape(cell, 8, classes, hidden, layers, dropout=0.1)
        return Networks(RowPixels(), Recurrent(shape))

    return build


def _columns(classes: int) -> Networks:
    return Networks(ColumnGru(), LinearHead(256, classes, dropout=0.3))


SYSTEMS = {
    system.name: system
    for system in (
        ImageSystem(
            "gru-sequence",
            "GRU of 128 units over the 8 rows, trained on its output at every row",
            ROWS,
            _rows("gru", 128, 1),
            replace(ROW_RECIPE, loss_last=8),
        ),
        ImageSystem(
            "cnn-gru",
            "3 convolutions, the map's columns into 2 GRU layers of 256, all in the encoder",
            PICTURES,
            _columns,
            PICTURE_RECIPE,
        ),
        ImageSystem(
            "digit-rows",
            "2 GRU layers of 128 over the 8 rows, trained on the output after the last",
            ROWS,
            _rows("gru", 128, 2),
            ROW_RECIPE,
        ),
        ImageSystem(
            "digit-rows-lstm",
            "LSTM of 64 units over the 8 rows, trained on the output after the last",
            ROWS,
            _rows("lstm", 64, 1),
            ROW_RECIPE,
        ),
    )
}


@dataclass(frozen=True)
class Trained:
    """One trained system and its scores on the test part."""

    networks: Networks
    validation: float
    by_frame: tuple[float, ...]
    """Test accuracy after each frame of the image; the last is the image's."""
    seconds: float

    @property
    def accuracy(self) -> float:
        """The share of test images whose last frame has the right label."""
        return self.by_frame[-1]


def recipe_for(system: ImageSystem, data: ImageSet, seed: int) -> Recipe:
    """The system's recipe; on CIFAR-10 as many steps as CIFAR_EPOCHS take."""
    recipe = replace(system.recipe, seed=seed)
    if data.name != "CIFAR-10":
        return recipe
    epoch = max(1, len(data.training.streams) // recipe.lanes)
    return replace(recipe, steps=CIFAR_EPOCHS * epoch, every=epoch)


def by_frame(networks: Networks, part: Sequences) -> tuple[float, ...]:
    """Accuracy after each frame of the images of one part."""
    found = np.stack(evaluation.logits(networks, part.streams)).argmax(axis=2)
    truth = np.stack([s.labels for s in part.streams])
    return tuple(float(share) for share in (found == truth).mean(axis=0))


def parameters(networks: Networks) -> int:
    """Trainable numbers of encoder and recurrent part."""
    return sum(p.numel() for part in networks.parts().values() for p in part.parameters())


def train(
    system: ImageSystem, data: ImageSet, recipe: Recipe, progress: str | None = None
) -> Trained:
    """Trains one system and scores it."""
    torch.manual_seed(recipe.seed)
    networks = system.networks(len(data.training.labels))
    # Rows before the last need not tell the class: choose by the label that counts.
    validation = data.validation if recipe.loss_last == recipe.window else _last_only(data)
    outcome = loop.train(networks, data.training, validation, recipe, progress=progress)
    return Trained(networks, outcome.best_score, by_frame(networks, data.test), outcome.seconds)


def _last_only(data: ImageSet) -> Sequences:
    streams = []
    for s in data.validation.streams:
        labels = s.labels.copy()
        labels[:-1] = IGNORED
        streams.append(replace(s, labels=labels))
    return Sequences(data.validation.labels, tuple(streams))
