"""`train-object-motion`: renders, trains, scores and writes the shipped model."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatestream_export.commands import options as shared
from gatestream_export.errors import UsageError


def add(commands: shared.Commands) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "train-object-motion",
        parents=[shared.rendering()],
        help="render, train, score and write the bundle",
    )
    parser.add_argument("--output", type=Path, required=True, help="the bundle folder to write")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weights", type=Path, help="export these weights instead of training")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> None:
    from gatestream_export.objectmotion import object_motion

    if options.weights is not None and not options.weights.is_file():
        raise UsageError(f"missing file: {options.weights}")
    run = object_motion.Run(
        options.output,
        options.work,
        options.photographs,
        options.processes,
        options.seed,
        options.weights,
    )
    command = "python -m gatestream_export train-object-motion --output DIR"
    if options.seed != 1:
        command += f" --seed {options.seed}"
    bundle = object_motion.train_and_export(object_motion.plan(options.smoke), run, command)
    metrics = bundle.contract.document["training"]["metrics"]
    print(f"wrote {options.output}: settled accuracy {metrics['settledAccuracy']:.4f}")
