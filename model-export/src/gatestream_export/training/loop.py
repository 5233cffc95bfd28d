"""The training loop: one for every task, encoder, cell and method."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic

import torch
from torch import nn
from tqdm import tqdm

from gatestream_export import files
from gatestream_export.data.sequences import Sequences
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.training.lanes import AnyWindow, Window
from gatestream_export.training.networks import Networks, Weights
from gatestream_export.training.recipe import Recipe
from gatestream_export.training.task import Classification, Task


@dataclass(frozen=True)
class Outcome:
    """What a run did; `best_score` is the validation accuracy at `best_step` (NaN without one)."""

    history: list[dict[str, Any]]
    best_step: int
    best_score: float
    stopped_early: bool
    frames_seen: int
    seconds: float


def rate_at(step: int, recipe: Recipe) -> float:
    """The share of the full learning rate at a step: linear warm-up, then half a cosine."""
    if step < recipe.warm_up:
        return (step + 1) / recipe.warm_up
    done = (step - recipe.warm_up) / max(1, recipe.steps - recipe.warm_up)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, done))) + 1e-3


class _Run(Generic[AnyWindow]):
    """One training under way: everything that a checkpoint holds."""

    def __init__(self, task: Task[AnyWindow], recipe: Recipe) -> None:
        torch.set_num_threads(recipe.threads)
        torch.use_deterministic_algorithms(True)
        torch.manual_seed(recipe.seed)
        self.task = task
        self.networks = task.networks
        self.recipe = recipe
        groups = task.groups()
        self.parameters = [p for group in groups for p in group["params"]]
        self.optimiser = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay)
        self.full_rates = [group["lr"] for group in groups]
        self.states = self.networks.recurrent.zero_states(recipe.lanes)
        self.step = 0
        self.history: list[dict[str, Any]] = []
        self.best: tuple[float, int, Weights] | None = None
        self.since_best = 0
        self.frames = 0
        self.seconds = 0.0

    def advance(self) -> float:
        """One optimiser step; the loss, NaN where no frame of the window counts."""
        window = self.task.source.next()
        for group, full in zip(self.optimiser.param_groups, self.full_rates, strict=True):
            group["lr"] = full * rate_at(self.step, self.recipe)
        kept = torch.from_numpy(~window.reset).to(torch.float32)[:, None, None]
        features = self.networks.features(
            torch.from_numpy(window.inputs), torch.from_numpy(window.real)
        )
        logits, states = self.networks.recurrent(
            features,
            tuple(s * kept for s in self.states),
            torch.from_numpy(window.elapsed)[..., None],
            torch.from_numpy(window.auxiliary),
        )
        self.states = tuple(s.detach() for s in states)
        self.step += 1
        self.frames += int(window.real.sum())
        if not window.counts.any():
            return float("nan")
        loss = self.task.loss(window, features, logits)
        if not torch.isfinite(loss):
            self._refuse(loss, window)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, self.recipe.clip)
        self.optimiser.step()
        return float(loss.detach())

    def _refuse(self, loss: torch.Tensor, window: Window) -> None:
        names = ", ".join(window.streams[:5]) + (", ..." if len(window.streams) > 5 else "")
        raise CheckFailedError(
            f"the loss is {float(loss.detach())} at step {self.step}, with frames of {names};"
            f" a lower rate than {self.recipe.rate:g} or a smaller clip than"
            f" {self.recipe.clip:g} may help"
        )

    def validate(self) -> dict[str, Any]:
        """Scores, and remembers the best weights."""
        scores = self.task.scores()
        self.networks.train()
        accuracy = scores.get("accuracy", math.nan)
        # Without a score, or without a labelled frame to score, the last weights are the best.
        if self.best is None or not accuracy <= self.best[0]:
            self.best = (accuracy, self.step, self.networks.weights())
            self.since_best = 0
        else:
            self.since_best += 1
        return scores

    def save(self, file: Path) -> None:
        """Writes a checkpoint; a reader sees the old one or the new one."""
        plain = ("step", "history", "best", "since_best", "frames", "seconds", "states")
        saved = {
            "recipe": asdict(self.recipe),
            "weights": self.networks.weights(),
            "optimiser": self.optimiser.state_dict(),
            "random": torch.get_rng_state(),
            "source": self.task.source.state(),
            **{name: getattr(self, name) for name in plain},
        }
        with files.whole(file) as part:
            torch.save(saved, part)

    def restore(self, file: Path) -> None:
        """Goes on from a checkpoint of the same recipe."""
        try:
            saved = torch.load(file, weights_only=True)
            recipe = saved.pop("recipe")
        except Exception as broken:  # torch.load raises anything for a damaged file.
            raise UsageError(f"{file} is no checkpoint that can be read: {broken}") from broken
        if recipe != asdict(self.recipe):
            other = [k for k, v in asdict(self.recipe).items() if recipe.get(k) != v]
            raise UsageError(f"{file} was written with another {', '.join(other)}")
        self.networks.load(saved.pop("weights"))
        self.optimiser.load_state_dict(saved.pop("optimiser"))
        torch.set_rng_state(saved.pop("random"))
        self.task.source.restore(saved.pop("source"))
        for name, value in saved.items():
            setattr(self, name, value)


def train(
    networks: Networks,
    training: Sequences,
    validation: Sequences | None,
    recipe: Recipe,
    *,
    checkpoint: Path | None = None,
    metrics: Callable[[dict[str, Any]], None] | None = None,
    progress: str | None = "train",
) -> Outcome:
    """Trains a classifier of frames, as `perform` says; validated by accuracy and byClass."""
    task = Classification(networks, training, validation, recipe)
    return perform(task, recipe, checkpoint=checkpoint, metrics=metrics, progress=progress)


def perform(
    task: Task[AnyWindow],
    recipe: Recipe,
    *,
    checkpoint: Path | None = None,
    metrics: Callable[[dict[str, Any]], None] | None = None,
    progress: str | None = "train",
) -> Outcome:
    """Trains; afterwards the task's networks hold the best weights, in evaluation mode.

    Deterministic for a given thread count. If `checkpoint` exists training goes on from it, with
    the same result as if it had never stopped. `metrics` gets each entry of the history when it is
    made: step, loss (mean since the last), rate, framesSeen, seconds and the task's scores. Raises
    CheckFailedError at a loss that is not a finite number.
    """
    run = _Run(task, recipe)
    networks = task.networks
    if checkpoint is not None and checkpoint.is_file():
        run.restore(checkpoint)
    networks.train()
    losses: list[float] = []
    bar = tqdm(
        total=recipe.steps,
        initial=run.step,
        desc=progress,
        unit="step",
        mininterval=1,
        disable=progress is None,
    )
    started = time.monotonic() - run.seconds
    stopped = _out_of_patience(run)
    with bar:
        while run.step < recipe.steps and not stopped:
            losses.append(run.advance())
            bar.update()
            if run.step % recipe.every and run.step != recipe.steps:
                continue
            known = [value for value in losses if not math.isnan(value)]
            scores = run.validate()
            run.seconds = time.monotonic() - started
            entry = {
                "step": run.step,
                "loss": sum(known) / len(known) if known else None,
                "rate": run.optimiser.param_groups[0]["lr"],
                "framesSeen": run.frames,
                "seconds": round(run.seconds, 3),
                **scores,
            }
            losses = []
            run.history.append(entry)
            shown = {"loss": entry["loss"], "accuracy": entry.get("accuracy")}
            bar.set_postfix({k: f"{v:.3f}" for k, v in shown.items() if v is not None})
            stopped = _out_of_patience(run)
            if checkpoint is not None:
                run.save(checkpoint)
            if metrics is not None:
                metrics(entry)
    if run.best is None:
        raise ValueError("a run without a step has no weights")
    score, step, weights = run.best
    networks.load(weights)
    networks.eval()
    return Outcome(run.history, step, score, stopped, run.frames, run.seconds)


def _out_of_patience(run: _Run[Any]) -> bool:
    return run.recipe.patience is not None and run.since_best >= run.recipe.patience
