"""The command line: parse, call, exit code. 0 done, 1 a check failed, 2 wrong usage."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gatestream_export.errors import CheckFailedError, UsageError


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatestream"


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is not above 0")
    return value


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(
        prog="gatestream-export", description="Trains, checks and writes Gatestream model bundles."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    places = argparse.ArgumentParser(add_help=False)
    places.add_argument(
        "--photographs",
        type=Path,
        default=_cache() / "photographs",
        help="folder into which the Debian packages were unpacked (default: in the user's cache)",
    )
    places.add_argument(
        "--work",
        type=Path,
        default=_cache() / "object-motion",
        help="folder for rendered clips, about 5 GB (default: in the user's cache)",
    )
    places.add_argument("--processes", type=_positive, default=2, help="for rendering")
    places.add_argument("--smoke", action="store_true", help="a tiny run, only for tests")

    train = commands.add_parser(
        "train-object-motion", parents=[places], help="render, train, score and write the bundle"
    )
    train.add_argument("--output", type=Path, required=True, help="the bundle folder to write")
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--weights", type=Path, help="export these weights instead of training")
    train.set_defaults(run=_train)

    check = commands.add_parser("verify", help="check a bundle against its own contract")
    check.add_argument("bundle", type=Path)
    check.set_defaults(run=_verify)

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
    return top


def _run_of(options: argparse.Namespace, output: Path, seed: int = 1, weights: Path | None = None):
    from gatestream_export.object_motion import Run

    return Run(output, options.work, options.photographs, options.processes, seed, weights)


def _plan(options: argparse.Namespace):
    from gatestream_export import object_motion

    return object_motion.SMOKE if options.smoke else object_motion.FULL


def _train(options: argparse.Namespace) -> None:
    from gatestream_export import object_motion

    if options.weights is not None and not options.weights.is_file():
        raise UsageError(f"missing file: {options.weights}")
    run = _run_of(options, options.output, options.seed, options.weights)
    command = "python -m gatestream_export train-object-motion --output DIR"
    if options.seed != 1:
        command += f" --seed {options.seed}"
    bundle = object_motion.train_and_export(_plan(options), run, command)
    metrics = bundle.contract.document["training"]["metrics"]
    print(f"wrote {options.output}: settled accuracy {metrics['settledAccuracy']:.4f}")


def _verify(options: argparse.Namespace) -> None:
    from gatestream_export import contract, verify

    problems = verify.problems(options.bundle)
    if problems:
        raise CheckFailedError(f"{options.bundle} is not sound:\n  " + "\n  ".join(problems))
    document = contract.load(options.bundle).document
    print(
        f"{document['name']} {document['version']} is sound: hashes, names, shapes, golden files,"
        f" encoder bit-equal at {document['encoder']['bitEqualBatchSizes']},"
        f" step at {document['step']['bitEqualBatchSizes']}"
    )


def _evaluate(options: argparse.Namespace) -> None:
    from gatestream_export import object_motion
    from gatestream_export.runtime import Bundle

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
    from gatestream_export import samples

    size = samples.write(options.output, options.photographs)
    print(f"wrote {len(samples.SAMPLES)} clips, {size / 1e6:.2f} MB")


def _evaluate_samples(options: argparse.Namespace) -> None:
    from gatestream_export import samples
    from gatestream_export.runtime import Bundle

    scores = samples.evaluate(Bundle(options.bundle), options.samples)
    for s in scores:
        print(f"{s.stream}: settled {s.settled:.3f}, raw {s.raw:.3f}, {s.frames} frames")
    frames = sum(s.frames for s in scores)
    settled = sum(s.settled * s.frames for s in scores) / frames
    raw = sum(s.raw * s.frames for s in scores) / frames
    print(f"all, weighted by length: settled {settled:.3f}, raw {raw:.3f}, {frames} frames")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; argparse itself exits with 2."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except UsageError as wrong:
        print(f"gatestream-export: {wrong}", file=sys.stderr)
        return 2
    except CheckFailedError as failed:
        print(f"gatestream-export: {failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("gatestream-export: stopped", file=sys.stderr)
        return 130
    return 0
