"""From settings to a finished run: encoder, data, features, networks, training."""

from __future__ import annotations

import hashlib
import math
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from gatestream_export.bundle import contract
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.nets import encoders
from gatestream_export.nets.encoders import FrameEncoder
from gatestream_export.nets.recurrent import Recurrent, RecurrentShape
from gatestream_export.picture.resize import ResizeRule
from gatestream_export.training import dataset, features
from gatestream_export.training.loop import Outcome
from gatestream_export.training.networks import Networks
from gatestream_export.training.run import RunFolder
from gatestream_export.training.settings import Found, Settings


@dataclass(frozen=True)
class Picture:
    """What the model sees of a clip; None where an option was not given."""

    size: tuple[int, int] | None = None
    mode: str | None = None
    interpolation: str | None = None
    letterbox_colour: tuple[int, int, int] | None = None
    region: tuple[float, float, float, float] | None = None
    reduced_scale_jpeg: bool | None = None
    interval_millis: int | None = None

    def completed(self, encoder: FrameEncoder, name: str) -> tuple[ResizeRule, int]:
        """The rule and the interval: of a bundle's encoder, those of that bundle."""
        interval, rule = 100, ResizeRule(encoder.width, encoder.height)
        if Path(name).is_dir():
            picture = contract.load(Path(name)).document["input"]
            interval = picture["frameIntervalMillis"]
            rule = ResizeRule.from_dict(picture)
        names = ("mode", "interpolation", "letterbox_colour", "region", "reduced_scale_jpeg")
        given = {n: getattr(self, n) for n in names if getattr(self, n) is not None}
        try:
            return replace(rule, **given), self.interval_millis or interval
        except CheckFailedError as wrong:
            raise UsageError(str(wrong)) from wrong


def build_encoder(
    name: str,
    size: tuple[int, int] | None,
    weights: Path | None,
    kind: str | None,
    frozen: bool | None,
    seed: int,
) -> tuple[FrameEncoder, bool]:
    """The encoder and whether it stays frozen; the same for the same arguments.

    Frozen by default where it was trained before. UsageError where random weights would stay.
    """
    trained = encoders.has_weights(name, weights)
    if frozen and not trained:
        raise UsageError(
            f"--freeze: the weights of {name} are random and would stay so; give --weights or leave"
            " --freeze out"
        )
    frozen = trained if frozen is None else frozen
    torch.manual_seed(seed)
    return encoders.build(name, size, weights, _kind(name, kind), frozen), frozen


def _kind(name: str, kind: str | None) -> str | None:
    """Of three-convolutions, small features that know where things are."""
    return "squeeze" if kind is None and name.startswith(encoders.THREE) else kind


def architecture(settings: Settings) -> FrameEncoder:
    """The torch encoder of a run, for weights of the run: its own may be any, no file is read."""
    kind = _kind(settings.encoder, settings.features)
    rule = settings.resize
    size = rule.width, rule.height
    return encoders.build(settings.encoder, size, None, kind, False, skeleton=True)


def shape(settings: Settings, found: Found, features: int) -> RecurrentShape:
    """The recurrent part's sizes."""
    return RecurrentShape(
        cell=settings.cell,
        features=features,
        classes=len(found.labels),
        hidden=settings.hidden,
        layers=settings.layers,
        dropout=settings.dropout,
        elapsed=settings.elapsed,
        auxiliary=found.auxiliary,
    )


def train(folder: RunFolder, settings: Settings, encoder: FrameEncoder, cache: Path) -> Outcome:
    """Reads the data, trains or goes on, and leaves everything in the run folder."""
    torch.set_num_threads(settings.recipe.threads)
    data = dataset.read(settings, cache)
    for line in data.left_out:
        print(f"left out: {line}", file=sys.stderr)
    found = describe(settings, data)
    folder.remember(found)
    training, validation = data.training, data.validation
    if settings.frozen:
        folder.keep_encoder(encoder)
        training = features.cached(training, encoder, cache / "features")
        if validation is not None:
            validation = features.cached(validation, encoder, cache / "features")
    torch.manual_seed(settings.recipe.seed)
    recurrent = Recurrent(shape(settings, found, encoder.features))
    networks = Networks(None if settings.frozen else encoder.module, recurrent)
    return folder.train(networks, training, validation, found.recipe)


def describe(settings: Settings, data: dataset.Data) -> Found:
    """What data.json keeps, and the recipe with its steps."""
    validation = () if data.validation is None else data.validation.streams
    digest = hashlib.sha256(repr((data.labels, data.background)).encode())
    for s in (*data.training.streams, *validation):
        digest.update(f"{s.name} {len(s)} {s.auxiliary.shape[1]}".encode())
        for values in (s.labels, s.times, s.auxiliary):
            digest.update(values.tobytes())
    recipe = settings.recipe
    if settings.epochs is not None:
        frames = data.training.frames()
        steps = max(1, math.ceil(settings.epochs * frames / (recipe.lanes * recipe.window)))
        every = min(recipe.every, max(1, -(-steps // 20)))
        recipe = replace(recipe, steps=steps, every=every, warm_up=min(50, steps // 10))
    return Found(
        labels=data.labels,
        background=data.background,
        recipe=recipe,
        auxiliary=data.training.streams[0].auxiliary.shape[1],
        training={s.name: len(s) for s in data.training.streams},
        validation={s.name: len(s) for s in validation},
        digest=digest.hexdigest(),
        left_out=data.left_out,
    )


def summary(folder: RunFolder, outcome: Outcome) -> str:
    """What a run gave, in a few lines."""
    found = folder.found()
    seconds = f"{outcome.frames_seen} frames seen in {outcome.seconds:.0f} s"
    early = ", stopped early" if outcome.stopped_early else ""
    lines = [f"trained {outcome.history[-1]['step']} steps{early}: {seconds}"]
    best = next((e for e in outcome.history if e["step"] == outcome.best_step), {})
    if found.validation:
        lines.append(
            f"validation accuracy {outcome.best_score:.4f} at step {outcome.best_step},"
            f" {len(found.validation)} clips"
        )
        lines += [f"  {name}: {value:.4f}" for name, value in best.get("byClass", {}).items()]
    else:
        lines.append("no validation clips: the last weights are kept, their accuracy is unknown")
    if found.left_out:
        lines.append(f"left out: {len(found.left_out)}, see {folder.file('left-out.txt')}")
    lines.append(f"next: gatestream-export export {folder.path} --output BUNDLE")
    return "\n".join(lines)


def metrics(entry: dict[str, Any], found: Found) -> dict[str, Any]:
    """What model.json says of a validation."""
    kept = {k: entry[k] for k in ("step", "accuracy", "byClass", "framesSeen") if k in entry}
    return {
        "validation": kept,
        "validationClips": len(found.validation),
        "trainingClips": len(found.training),
        "leftOut": len(found.left_out),
    }
