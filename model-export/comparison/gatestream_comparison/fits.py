"""Trainings of the comparison: described, run in processes side by side, kept on disk."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from gatestream_comparison import kinds, parts, scores
from gatestream_comparison.processes import side_by_side
from gatestream_comparison.settings import Context
from gatestream_export import files
from gatestream_export.nets.recurrent import Recurrent, RecurrentShape
from gatestream_export.training.loop import train
from gatestream_export.training.networks import Networks
from gatestream_export.training.recipe import Recipe

VERSION = 1
"""Raise when a change of code makes kept results wrong: it is part of their names."""


@dataclass(frozen=True)
class Fit:
    """One training. `held_out` photographs of the training clips validate it: cross-validation.

    Without any the validation clips do. `scores` name what is measured afterwards (`scores.py`).
    """

    kind: str
    shape: RecurrentShape
    recipe: Recipe
    scores: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()

    def key(self, source: parts.Source) -> str:
        """Names the kept weights: everything that decides them."""
        data: list[Any] = [files.sha256(source.encoder)]
        data += [s.key() for s in (source.train, source.validation, source.test)]
        data += [source.mirrored, list(source.subset)]
        this = [self.kind, asdict(self.shape), asdict(self.recipe), list(self.held_out)]
        return hashlib.sha256(json.dumps([VERSION, data, this]).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Fitted:
    """What a training gave: `validation` is the settled accuracy of the weights it kept, `seconds`
    the processor time of its one thread."""

    fit: Fit
    key: str
    validation: float
    best_step: int
    frames_seen: int
    seconds: float
    parameters: int
    scores: dict[str, Any]

    def network(self, folder: Path) -> Recurrent:
        """The trained weights, in evaluation mode."""
        network = Recurrent(self.fit.shape)
        network.load_state_dict(torch.load(folder / f"{self.key}.pt", weights_only=True))
        return network.eval()


def _train(source: parts.Source, fit: Fit, folder: Path) -> dict[str, Any]:
    data = kinds.load(source, fit.kind)
    training, validation = data.training, data.validation
    if fit.held_out:
        validation = training.keep(lambda group: group in fit.held_out)
        training = training.keep(lambda group: group not in fit.held_out)
    torch.manual_seed(fit.recipe.seed)
    networks = Networks(None, Recurrent(fit.shape))
    # Of this process: what else the machine does has no part in it.
    started = time.process_time()
    outcome = train(networks, training.training(), validation.scored(), fit.recipe, progress=None)
    seconds = time.process_time() - started
    torch.save(networks.recurrent.state_dict(), folder / f"{fit.key(source)}.pt")
    return {
        "kind": fit.kind,
        "shape": asdict(fit.shape),
        "recipe": asdict(fit.recipe),
        "heldOut": list(fit.held_out),
        "validation": outcome.best_score,
        "bestStep": outcome.best_step,
        "framesSeen": outcome.frames_seen,
        "seconds": seconds,
        "parameters": sum(p.numel() for p in networks.recurrent.parameters()),
        "scores": {},
    }


def perform(source: parts.Source, fit: Fit, folder: Path) -> Fitted:
    """Trains and scores what `folder` does not hold yet."""
    key = fit.key(source)
    file = folder / f"{key}.json"
    if file.is_file():
        found = json.loads(file.read_text(encoding="utf-8"))
    else:
        found = _train(source, fit, folder)
        files.write_text(file, json.dumps(found) + "\n")
    fitted = _fitted(fit, key, found)
    missing = [name for name in fit.scores if name not in found["scores"]]
    if missing:
        network = fitted.network(folder)
        for name in missing:
            found["scores"][name] = scores.SCORES[name](network, source, fit.kind)
        files.write_text(file, json.dumps(found) + "\n")
    return _fitted(fit, key, found)


def _fitted(fit: Fit, key: str, found: dict[str, Any]) -> Fitted:
    return Fitted(
        fit,
        key,
        found["validation"],
        found["bestStep"],
        found["framesSeen"],
        found["seconds"],
        found["parameters"],
        found["scores"],
    )


def _perform(job: tuple[int, parts.Source, Fit, Path]) -> tuple[int, Fitted]:
    index, source, fit, folder = job
    return index, perform(source, fit, folder)


def run_groups(
    context: Context, wanted: dict[str, list[Fit]], title: str
) -> dict[str, list[Fitted]]:
    """Groups of fits by name, all in one go."""
    together = [fit for several in wanted.values() for fit in several]
    done = iter(run_all(context.source, together, context.kept, context.processes, title))
    return {name: [next(done) for _ in several] for name, several in wanted.items()}


def run_all(
    source: parts.Source, fits: Iterable[Fit], folder: Path, processes: int, title: str
) -> list[Fitted]:
    """All fits, in their order, `processes` at a time with one thread each."""
    folder.mkdir(parents=True, exist_ok=True)
    # Fits of one kind stay together: a process keeps few data sets at a time.
    jobs = [(i, source, fit, folder) for i, fit in enumerate(fits)]
    done: list[Fitted | None] = [None] * len(jobs)
    with tqdm(total=len(jobs), desc=title, unit="fit", mininterval=1) as bar:
        for index, fitted in side_by_side(_perform, jobs, processes):
            done[index] = fitted
            bar.update()
    return [f for f in done if f is not None]
