"""`train-digits`: an image classifier with a recurrent part, as a bundle."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatestream_export.commands import option_types as types
from gatestream_export.commands import options as shared
from gatestream_export.errors import UsageError

SYSTEMS = ("gru-sequence", "cnn-gru", "digit-rows", "digit-rows-lstm")

EPILOG = """\
systems:
  gru-sequence     GRU of 128 units over the 8 rows of a digit, a label at every row
  cnn-gru          3 convolutions, the map's columns into 2 GRU layers of 256, in the encoder
  digit-rows       2 GRU layers of 128 over the rows, the label of the last row counts
  digit-rows-lstm  LSTM of 64 units over the rows, the same

examples:
  python -m gatestream_export train-digits --system digit-rows --output digit-rows
  python -m gatestream_export train-digits --system cnn-gru --output cifar \\
      --cifar10 cifar-10-batches-bin --threads 2
"""


def add(commands: shared.Commands) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "train-digits",
        help="train an image classifier with a recurrent part and write its bundle",
        description="Trains one system on scikit-learn's handwritten digits (half a minute), writes"
        " its bundle and verifies it.",
        epilog=EPILOG,
        formatter_class=shared.EXAMPLES,
    )
    parser.add_argument("--system", choices=SYSTEMS, required=True)
    parser.add_argument("--output", type=Path, required=True, help="the bundle folder to write")
    parser.add_argument("--seed", type=int, default=1, help="of the training (default: 1)")
    parser.add_argument(
        "--cifar10",
        type=Path,
        metavar="FOLDER",
        help="train cnn-gru on CIFAR-10 in its binary version instead (long)",
    )
    parser.add_argument(
        "--steps", type=types.positive, help="optimiser steps, where not the system's own"
    )
    parser.add_argument(
        "--threads",
        type=types.positive,
        default=1,
        help="for the training (default: 1, the fastest for the digits); part of what fixes the"
        " weights",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> None:
    if options.cifar10 is not None and options.system != "cnn-gru":
        raise UsageError("--cifar10 goes with --system cnn-gru only")
    from dataclasses import replace

    from gatestream_export.bundle.writing import require_target
    from gatestream_export.data import image_sets
    from gatestream_export.images import bundles, systems

    require_target(options.output)
    system = systems.SYSTEMS[options.system]
    if options.cifar10 is None:
        data = image_sets.digit_set(system.form)
    else:
        data = image_sets.cifar10_set(options.cifar10)
    recipe = replace(systems.recipe_for(system, data, options.seed), threads=options.threads)
    command = f"python -m gatestream_export train-digits --system {system.name} --output DIR"
    command += " --cifar10 FOLDER" if options.cifar10 is not None else ""
    command += f" --seed {options.seed}" if options.seed != 1 else ""
    command += f" --threads {options.threads}" if options.threads != 1 else ""
    if options.steps is not None:
        recipe = replace(recipe, steps=options.steps)
        command += f" --steps {options.steps}"
    trained = systems.train(system, data, recipe, progress=system.name)
    bundles.write(system, data, trained, options.output, command)
    print(
        f"wrote {options.output}: test accuracy {trained.accuracy:.4f} on"
        f" {len(data.test.streams)} images of {data.name},"
        f" trained in {trained.seconds:.0f} s"
    )
