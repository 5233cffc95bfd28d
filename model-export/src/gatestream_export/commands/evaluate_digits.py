"""`evaluate-digits`: scores a bundle on the test digits, without Kafka."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatestream_export.commands import options as shared
from gatestream_export.errors import UsageError

EPILOG = """\
The test images are the same 360 of scikit-learn's 1,797 that `train-digits` never sees.
With --csv the stream, the truth, the label and the score of each are written, with its pixels: the
integration tests send these through Kafka.

example:
  python -m gatestream_export evaluate-digits digit-rows --csv digits.csv
"""


def add(commands: shared.Commands) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "evaluate-digits",
        help="score a bundle on the test digits, without Kafka",
        description="Runs a bundle over the test digits and prints its accuracy after each frame,"
        " its parameters and the time that an image takes.",
        epilog=EPILOG,
        formatter_class=shared.EXAMPLES,
    )
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write each image's result")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> None:
    import statistics

    from gatestream_export.bundle.runtime import Bundle
    from gatestream_export.data import digits, image_sets
    from gatestream_export.images import bundles

    bundle = Bundle(options.bundle)
    bundles.require_digits(bundle)
    rows = bundle.contract.height == 1
    data = image_sets.digit_set(image_sets.ROWS if rows else image_sets.PICTURES)
    if (data.resize.width, data.resize.height) != (bundle.contract.width, bundle.contract.height):
        raise UsageError(
            f"{options.bundle} takes {bundle.contract.width}x{bundle.contract.height} pixels,"
            f" the digits are 8x1 (rows) or 32x32"
        )
    predictions = bundles.predict(bundle, data.test.streams)
    shares = bundles.by_frame(predictions)
    for i, share in enumerate(shares if len(shares) > 1 else ()):
        print(f"accuracy after row {i + 1}: {share:.4f}")
    print(f"accuracy: {shares[-1]:.4f} of {len(predictions)} test images")
    median = statistics.median(p.microseconds for p in predictions)
    shown = "one frame" if len(shares) == 1 else f"{len(shares)} frames"
    print(
        f"efficiency: {bundles.parameters(bundle):,} parameters, {median:.0f} microseconds an"
        f" image ({shown}, batch 1, one CPU thread, ONNX Runtime)"
    )
    if options.csv is not None:
        bundles.write_csv(options.csv, bundle, digits.load().test, predictions)
        print(f"wrote {options.csv}")
