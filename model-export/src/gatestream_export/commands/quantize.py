"""`quantize`: a bundle whose encoder runs in int8 or fp16."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatestream_export.commands import option_types as types
from gatestream_export.commands import options as shared
from gatestream_export.errors import UsageError

EPILOG = """\
examples:
  gatestream-export quantize BUNDLE --int8 --calibration clips/ --output BUNDLE-int8
  gatestream-export quantize BUNDLE --int8 --samples stream-app/samples --output DIR
  gatestream-export quantize BUNDLE --fp16 --limit 0.005 --output DIR

The step stays float32. int8 pays for deep convolutional encoders on CPUs with VNNI; for a small
one it may be slower, which the report says. Without --samples the drop is the share of calibration
frames whose top label is not the original's, over carried state.
"""


def add(commands: shared.Commands) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "quantize",
        help="write a bundle with an int8 or fp16 encoder, unless it loses too much",
        description="Converts a bundle's encoder, measures it, and writes the bundle anew.",
        epilog=EPILOG,
        formatter_class=shared.EXAMPLES,
    )
    parser.add_argument(
        "bundle", type=Path, metavar="BUNDLE", help="a float32 bundle; it is not changed"
    )
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument(
        "--int8",
        action="store_const",
        const="int8",
        dest="kind",
        help="static: uint8 activations calibrated on frames, int8 weights per channel",
    )
    kind.add_argument(
        "--fp16",
        action="store_const",
        const="fp16",
        dest="kind",
        help="for GPUs; on a CPU it saves space only",
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="the bundle folder to write"
    )
    parser.add_argument(
        "--calibration",
        type=Path,
        metavar="FOLDER",
        help="pictures or clips like those to come (default: the bundle's golden frames)",
    )
    parser.add_argument(
        "--frames",
        type=types.positive,
        default=200,
        metavar="N",
        help="most calibration frames (default: 200)",
    )
    parser.add_argument(
        "--samples",
        type=Path,
        metavar="FOLDER",
        help="clips with a truth.csv (stream,start,end,label) to measure the accuracy on",
    )
    parser.add_argument(
        "--limit",
        type=_share,
        default=0.01,
        metavar="SHARE",
        help="largest drop of the accuracy, or of the agreement; above it nothing is written, exit"
        " code 1 (default: 0.01)",
    )
    parser.set_defaults(run=_run)


def _share(text: str) -> float:
    value = types.number(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not from 0 to 1")
    return value


def _run(options: argparse.Namespace) -> None:
    from gatestream_export.bundle import golden, media, quantize
    from gatestream_export.bundle.runtime import Bundle
    from gatestream_export.bundle.writing import require_target

    require_target(options.output)
    if options.output.resolve() == options.bundle.resolve():
        raise UsageError("--output is the bundle itself: choose another folder")
    bundle = Bundle(options.bundle)
    if options.samples is not None and bundle.contract.auxiliary is not None:
        raise UsageError("the bundle takes side features, which --samples has none of: leave it")
    if options.calibration is None:
        frames = golden.pixels(bundle)
        source = "golden frames"
    else:
        interval = media.interval_of(bundle)
        frames = media.frames(options.calibration, bundle.resize, interval, options.frames)
        source = "calibration frames"
    samples = [] if options.samples is None else media.labelled(options.samples, bundle)
    command = f"python -m gatestream_export quantize BUNDLE --{options.kind} --output DIR"
    if options.calibration is not None:
        command += " --calibration FOLDER"
    request = quantize.Request(options.kind, frames, samples, options.limit, command)
    result = quantize.quantize(options.bundle, options.output, request)
    print(f"wrote {options.output}: {options.kind} from {len(frames)} {source}")
    for line in result.lines():
        print(line)
