"""The image classifiers: train one as a bundle, score a bundle on the digits."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatestream_export.commands import options as shared
from gatestream_export.errors import UsageError

SYSTEMS = ("gru-sequence", "cnn-gru", "digit-rows", "digit-rows-lstm")

TRAIN = """\
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

EVALUATE = """\
The test images are the same 360 of scikit-learn's 1,797 that `train-digits` never sees.
With --csv the stream, the truth, the label and the score of each are written, with its pixels: the
integration tests send these through Kafka.

example:
  python -m gatestream_export evaluate-digits digit-rows --csv digits.csv
"""


def add(commands) -> None:
    """Adds the commands."""
    train = commands.add_parser(
        "train-digits",
        help="train an image classifier with a recurrent part and write its bundle",
        description="Trains one system on scikit-learn's handwritten digits (half a minute), writes"
        " its bundle and verifies it.",
        epilog=TRAIN,
        formatter_class=shared.EXAMPLES,
    )
    train.add_argument("--system", choices=SYSTEMS, required=True)
    train.add_argument("--output", type=Path, required=True, help="the bundle folder to write")
    train.add_argument("--seed", type=int, default=1, help="of the training (default: 1)")
    train.add_argument(
        "--cifar10",
        type=Path,
        metavar="FOLDER",
        help="train cnn-gru on CIFAR-10 in its binary version instead (long)",
    )
    train.add_argument(
        "--steps", type=shared.positive, help="optimiser steps, where not the system's own"
    )
    train.add_argument(
        "--threads",
        type=shared.positive,
        default=1,
        help="for the training (default: 1, the fastest for the digits); part of what fixes the"
        " weights",
    )
    train.set_defaults(run=_train)

    evaluate = commands.add_parser(
        "evaluate-digits",
        help="score a bundle on the test digits, without Kafka",
        description="Runs a bundle over the test digits and prints its accuracy after each frame,"
        " its parameters and the time that an image takes.",
        epilog=EVALUATE,
        formatter_class=shared.EXAMPLES,
    )
    evaluate.add_argument("bundle", type=Path)
    evaluate.add_argument("--csv", type=Path, metavar="FILE", help="write each image's result")
    evaluate.set_defaults(run=_evaluate)


def _train(options: argparse.Namespace) -> None:
    if options.cifar10 is not None and options.system != "cnn-gru":
        raise UsageError("--cifar10 goes with --system cnn-gru only")
    from dataclasses import replace

    from gatestream_export.bundle.writing import require_target
    from gatestream_export.compare import image_bundles, images
    from gatestream_export.data import image_sets

    require_target(options.output)
    system = images.SYSTEMS[options.system]
    if options.cifar10 is None:
        data = image_sets.digit_set(system.form)
    else:
        data = image_sets.cifar10_set(options.cifar10)
    recipe = replace(images.recipe_for(system, data, options.seed), threads=options.threads)
    command = f"python -m gatestream_export train-digits --system {system.name} --output DIR"
    command += " --cifar10 FOLDER" if options.cifar10 is not None else ""
    command += f" --seed {options.seed}" if options.seed != 1 else ""
    command += f" --threads {options.threads}" if options.threads != 1 else ""
    if options.steps is not None:
        recipe = replace(recipe, steps=options.steps)
        command += f" --steps {options.steps}"
    trained = images.train(system, data, recipe, progress=system.name)
    image_bundles.write(system, data, trained, options.output, command)
    print(
        f"wrote {options.output}: test accuracy {trained.accuracy:.4f} on"
        f" {len(data.test.streams)} images of {data.name},"
        f" trained in {trained.seconds:.0f} s"
    )


def _evaluate(options: argparse.Namespace) -> None:
    import statistics

    from gatestream_export.bundle.runtime import Bundle
    from gatestream_export.compare import image_bundles
    from gatestream_export.data import digits, image_sets

    bundle = Bundle(options.bundle)
    image_bundles.require_digits(bundle)
    rows = bundle.contract.height == 1
    data = image_sets.digit_set(image_sets.ROWS if rows else image_sets.PICTURES)
    if (data.resize.width, data.resize.height) != (bundle.contract.width, bundle.contract.height):
        raise UsageError(
            f"{options.bundle} takes {bundle.contract.width}x{bundle.contract.height} pixels,"
            f" the digits are 8x1 (rows) or 32x32"
        )
    predictions = image_bundles.predict(bundle, data.test.streams)
    shares = image_bundles.by_frame(predictions)
    for i, share in enumerate(shares if len(shares) > 1 else ()):
        print(f"accuracy after row {i + 1}: {share:.4f}")
    print(f"accuracy: {shares[-1]:.4f} of {len(predictions)} test images")
    median = statistics.median(p.microseconds for p in predictions)
    shown = "one frame" if len(shares) == 1 else f"{len(shares)} frames"
    print(
        f"efficiency: {image_bundles.parameters(bundle):,} parameters, {median:.0f} microseconds an"
        f" image ({shown}, batch 1, one CPU thread, ONNX Runtime)"
    )
    if options.csv is not None:
        image_bundles.write_csv(options.csv, bundle, digits.load().test, predictions)
        print(f"wrote {options.csv}")
