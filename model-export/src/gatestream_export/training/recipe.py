"""Everything that decides a training run besides the data and the networks."""

from __future__ import annotations

from dataclasses import dataclass

from gatestream_export.errors import UsageError

CARRIED = "carried"
WINDOWS = "windows"


@dataclass(frozen=True)
class Recipe:
    """The settings of one run; the same recipe, data and thread count give the same weights.

    `method`: CARRIED plays streams one after the other in `lanes` lanes, `window` frames at a time,
    the detached state carried from one to the next (truncated back-propagation through time).
    WINDOWS is MiniROAD's (An et al., ICCV 2023): random windows, each from the initial state, the
    loss on their last `loss_last` frames only.
    """

    method: str = CARRIED
    seed: int = 1
    steps: int = 2000
    """Optimiser steps; frames seen = steps * lanes * window, less the padding at streams' ends."""
    lanes: int = 32
    window: int = 16
    loss_last: int = 1
    """WINDOWS: the loss is on that many last frames."""
    rate: float = 2e-3
    encoder_rate: float | None = None
    """Learning rate of a fine-tuned encoder; None: a tenth of `rate`."""
    warm_up: int = 100
    """Steps of linear warm-up before the cosine."""
    weight_decay: float = 1e-4
    clip: float = 1.0
    """Largest norm of the gradient."""
    balanced: bool = False
    """Class weights from the inverse of each class's share of the training frames."""
    burn_in: int = 3
    """CARRIED: no loss on so many frames after a reset or after a label change."""
    reset_share: float = 0.35
    """CARRIED: how often the state is reset when a lane starts its next stream."""
    drop: float = 0.1
    """The largest share of frames that a lane drops; each lane draws its own, half of them none."""
    every: int = 400
    """Steps between validations; each writes a checkpoint."""
    patience: int | None = None
    """Early stopping: validations without a better score before training ends; None: never."""
    threads: int = 2

    def __post_init__(self) -> None:
        problems = []
        if self.method not in (CARRIED, WINDOWS):
            problems.append(f"method {self.method!r}, wanted {CARRIED} or {WINDOWS}")
        problems += [
            f"{name} {getattr(self, name)}, wanted 1 or more"
            for name in ("steps", "lanes", "window", "loss_last", "every", "threads")
            if getattr(self, name) < 1
        ]
        if self.loss_last > self.window:
            problems.append(f"loss_last {self.loss_last} is above window {self.window}")
        problems += [
            f"{name} {getattr(self, name)}, wanted above 0"
            for name in ("rate", "clip")
            if not getattr(self, name) > 0
        ]
        problems += [
            f"{name} {getattr(self, name)}, wanted from 0 to below 1"
            for name in ("reset_share", "drop")
            if not 0 <= getattr(self, name) < 1
        ]
        if self.weight_decay < 0 or self.burn_in < 0 or self.warm_up < 0:
            problems.append("weight_decay, burn_in and warm_up are never below 0")
        if self.patience is not None and self.patience < 1:
            problems.append(f"patience {self.patience}, wanted 1 or more")
        if problems:
            raise UsageError("; ".join(problems))
