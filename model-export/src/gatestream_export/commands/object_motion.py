"""The commands around the default model: train, score, write its sample clips."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatestream_export.commands import options as shared
from gatestream_export.errors import UsageError


def add(commands) -> None:
    """Adds the commands."""
    places = shared.rendering()
    train = commands.add_parser(
        "train-object-motion", parents=[places], help="render, train, score and write the bundle"
    )
    train.add_argument("--output", type=Path, required=True, help="the bundle folder to write")
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--weights", type=Path, help="export these weights instead of training")
    train.set_defaults(run=_train)

    score = commands.add_parser(
        "evaluate-object-motion", parents=[places], help="print the figures of the README again"
    )
    score.add_argument("bundle", type=Path)
    score.set_defaults(run=_evaluate)

    write = commands.add_parser(
        "write-samples", parents=[places], help="render the sample clips and truth.csv"
    )
    write.add_argument("--output", type=Path, required=True)
    write.set_defaults(run=_write_samples)

    clips = commands.add_parser("evaluate-samples", help="run a bundle over the sample clips")
    clips.add_argument("bundle", type=Path)
    clips.add_argument("samples", type=Path)
    clips.set_defaults(run=_evaluate_samples)


def _run_of(options: argparse.Namespace, output: Path, seed: int = 1, weights: Path | None = None):
    from gatestream_export.objectmotion.object_motion import Run

    return Run(output, options.work, options.photographs, options.processes, seed, weights)


def _plan(options: argparse.Namespace):
    from gatestream_export.objectmotion import object_motion

    return object_motion.SMOKE if options.smoke else object_motion.FULL


def _train(options: argparse.Namespace) -> None:
    from gatestream_export.objectmotion import object_motion

    if options.weights is not None and not options.weights.is_file():
        raise UsageError(f"missing file: {options.weights}")
    run = _run_of(options, options.output, options.seed, options.weights)
    command = "python -m gatestream_export train-object-motion --output DIR"
    if options.seed != 1:
        command += f" --seed {options.seed}"
    bundle = object_motion.train_and_export(_plan(options), run, command)
    metrics = bundle.contract.document["training"]["metrics"]
    print(f"wrote {options.output}: settled accuracy {metrics['settledAccuracy']:.4f}")


def _evaluate(options: argparse.Namespace) -> None:
    from gatestream_export.bundle.runtime import Bundle
    from gatestream_export.objectmotion import object_motion

    bundle = Bundle(options.bundle)
    scores, jpeg = object_motion.score_bundle(
        bundle, _plan(options), _run_of(options, options.bundle)
    )
    metrics = bundle.contract.document["training"]["metrics"]
    low, high = scores.interval
    print(f"settled {scores.settled:.4f} (95 % over photographs {low:.4f} to {high:.4f})")
    print(f"raw {scores.raw:.4f}")
    print(f"settled through JPEG quality 60 {jpeg.settled:.4f}")
    print(f"memoryless settled {metrics['memorylessSettledAccuracy']:.4f} (recorded at training)")
    for title, values in (
        ("class", scores.per_class),
        ("frames since start", scores.by_time),
        ("photograph", scores.by_photograph),
    ):
        for name, value in values.items():
            print(f"settled, {title} {name}: {value:.4f}")
    for k, value in enumerate(scores.by_frames_since_change):
        print(f"accuracy {k} frames after a change: {value:.4f}")


def _write_samples(options: argparse.Namespace) -> None:
    from gatestream_export.objectmotion import samples

    size = samples.write(options.output, options.photographs)
    print(f"wrote {len(samples.SAMPLES)} clips, {size / 1e6:.2f} MB")


def _evaluate_samples(options: argparse.Namespace) -> None:
    from gatestream_export.bundle.runtime import Bundle
    from gatestream_export.objectmotion import samples

    scores = samples.evaluate(Bundle(options.bundle), options.samples)
    for s in scores:
        print(f"{s.stream}: settled {s.settled:.3f}, raw {s.raw:.3f}, {s.frames} frames")
    frames = sum(s.frames for s in scores)
    settled = sum(s.settled * s.frames for s in scores) / frames
    raw = sum(s.raw * s.frames for s in scores) / frames
    print(f"all, weighted by length: settled {settled:.3f}, raw {raw:.3f}, {frames} frames")
