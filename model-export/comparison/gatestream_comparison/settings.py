"""The budgets of the comparison: one place for every number that a report must state."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gatestream_comparison.parts import Source
from gatestream_export.nets.recurrent import RecurrentShape
from gatestream_export.objectmotion import object_motion
from gatestream_export.objectmotion.motion import LABELS
from gatestream_export.training.recipe import CARRIED, WINDOWS, Recipe

FEATURES = 256
LAYERS = 2
UNITS = 128
"""Hidden units a layer where no search decides them."""


@dataclass(frozen=True)
class Settings:
    """Budgets. Every training sees `steps` * `lanes` * `window` frames, whatever its method."""

    steps: int = 1200
    lanes: int = 32
    window: int = 16
    warm_up: int = 100
    rate: float = 2e-3
    seeds: tuple[int, ...] = (1, 2, 3, 4, 5)
    few_seeds: tuple[int, ...] = (1, 2, 3)
    search_steps: int = 500
    sizes: tuple[int, ...] = (64, 128, 256)
    rates: tuple[float, ...] = (1e-3, 2e-3, 4e-3)
    folds: int = 3
    subset_steps: int = 600
    long_window: int = 128
    latency_rounds: int = 200
    image_steps: int | None = None
    """Steps of the image classifiers; None: their own."""
    encoders: tuple[str, ...] = ("bundle", "efficientnet-lite0/pooled", "efficientnet-lite0/grid")

    def frames(self) -> int:
        """Frames that a training sees."""
        return self.steps * self.lanes * self.window

    def carried(self, seed: int, rate: float | None = None, **changes: Any) -> Recipe:
        """Carried-state training with the full budget."""
        recipe = Recipe(
            method=CARRIED,
            seed=seed,
            steps=self.steps,
            lanes=self.lanes,
            window=self.window,
            rate=self.rate if rate is None else rate,
            warm_up=self.warm_up,
            every=max(1, self.steps // 6),
            threads=1,
        )
        return replace(recipe, **changes)

    def windows(self, seed: int, window: int, loss_last: int, rate: float | None = None) -> Recipe:
        """MiniROAD's recipe, from as many frames; 8 windows of 128 a step keep enough steps."""
        lanes = max(1, min(self.lanes, self.lanes * self.window * 2 // window))
        steps = max(1, self.frames() // (lanes * window))
        return self.carried(
            seed,
            rate,
            method=WINDOWS,
            window=window,
            lanes=lanes,
            steps=steps,
            loss_last=loss_last,
            warm_up=min(self.warm_up, max(0, steps // 6)),
            every=max(1, steps // 6),
        )


SMOKE = Settings(
    steps=4,
    lanes=4,
    window=8,
    warm_up=1,
    seeds=(1, 2),
    few_seeds=(1,),
    search_steps=2,
    sizes=(4, 8),
    rates=(2e-3,),
    folds=2,
    subset_steps=2,
    long_window=16,
    latency_rounds=2,
    image_steps=2,
    encoders=("bundle",),
)


@dataclass(frozen=True)
class Context:
    """What every experiment gets: data, budgets, where fits are kept, processes at a time."""

    source: Source
    settings: Settings
    output: Path
    processes: int = 2
    cifar10: Path | None = None
    kept: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kept", self.output / "fits")


def shape(cell: str, hidden: int = UNITS, features: int = FEATURES, **more: Any) -> RecurrentShape:
    """A recurrent part of two layers for object motion."""
    return RecurrentShape(cell, features, len(LABELS), hidden=hidden, layers=LAYERS, **more)


def source(encoder: Path, photographs: Path, work: Path, processes: int, smoke: bool) -> Source:
    """Object motion's clips: those the default model was made with, or the tests' few."""
    plan = object_motion.plan(smoke)
    full = Source(
        encoder,
        photographs,
        work,
        plan.train,
        plan.validation,
        plan.test,
        processes=processes,
    )
    return replace(full, mirrored=3, subset=(4, 30, 2, 40), hour=120) if smoke else full
