"""`import`: a bundle from ONNX graphs that were trained elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatestream_export.commands import option_types as types
from gatestream_export.commands import options as shared
from gatestream_export.picture.names import INTERPOLATIONS, MODES

EPILOG = """\
examples:
  gatestream-export import --encoder cnn.onnx --step gru.onnx --labels labels.txt --output DIR
  gatestream-export import --encoder cnn.onnx --step lstm.onnx --labels labels.txt \\
      --state h0:hn --state c0:cn --elapsed dt --frames clips/ --output DIR

The encoder takes uint8 RGB [B,H,W,3], normalises in the graph, and gives float32 [B,F]. The step
takes the features and the states of one frame, each float32 with the batch first and dynamic, and
gives the logits and the next states. A GRU needs linear_before_reset=1. docs/bundle.md has it all.
"""


def add(commands: shared.Commands) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "import",
        help="write a bundle from models that were trained elsewhere",
        description="Reads sizes and names from two ONNX graphs, and writes and verifies a bundle.",
        epilog=EPILOG,
        formatter_class=shared.EXAMPLES,
    )
    parser.add_argument(
        "--encoder", type=Path, required=True, metavar="FILE", help="ONNX: frames to features"
    )
    parser.add_argument(
        "--step", type=Path, required=True, metavar="FILE", help="ONNX: one recurrent step"
    )
    parser.add_argument(
        "--labels", type=Path, required=True, metavar="FILE", help="text file, one label a line"
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="the bundle folder to write"
    )
    parser.add_argument("--name", help="of the bundle (default: the output folder's)")
    parser.add_argument("--version", default="1.0.0", help="default: %(default)s")
    parser.add_argument(
        "--interval-millis",
        type=_millis,
        default=100,
        metavar="N",
        help="time between frames; 0: every frame (default: 100)",
    )
    parser.add_argument(
        "--resize",
        choices=MODES,
        default="stretch",
        help="how a frame of another shape gets the size (default: %(default)s)",
    )
    parser.add_argument(
        "--interpolation",
        choices=INTERPOLATIONS,
        default="area",
        help="default: %(default)s",
    )
    parser.add_argument(
        "--reduced-scale-jpeg",
        action="store_true",
        help="decode JPEGs of at least twice the size at a reduced scale, which is quicker",
    )
    parser.add_argument(
        "--size", type=types.size, metavar="WxH", help="where the graph leaves it open"
    )
    parser.add_argument(
        "--activation",
        choices=("softmax", "sigmoid"),
        default="softmax",
        help="softmax: one label a frame; sigmoid: several (default: %(default)s)",
    )
    parser.add_argument("--background", metavar="LABEL", help="the label that means nothing")
    parser.add_argument(
        "--licence", default="not stated", help="of the models, such as Apache-2.0 (%(default)s)"
    )
    parser.add_argument(
        "--state",
        type=_pair,
        action="append",
        default=[],
        metavar="IN:OUT",
        help="a state's input and output, where their names or shapes do not say it; repeatable",
    )
    parser.add_argument("--elapsed", metavar="INPUT", help="takes seconds since the last frame")
    parser.add_argument("--auxiliary", metavar="INPUT", help="takes the side features")
    parser.add_argument(
        "--frames",
        type=Path,
        metavar="FOLDER",
        help="pictures or clips for the golden frames and the check (default: random pictures)",
    )
    parser.set_defaults(run=_run)


def _pair(text: str) -> tuple[str, str]:
    name, colon, output = text.partition(":")
    if not (name and colon and output):
        raise argparse.ArgumentTypeError(f"{text!r} is not INPUT:OUTPUT")
    return name, output


def _millis(text: str) -> int:
    value = types.whole(text)
    if not 0 <= value <= 86_400_000:
        raise argparse.ArgumentTypeError(f"{text} is not from 0 to 86400000")
    return value


def _run(options: argparse.Namespace) -> None:
    from gatestream_export.bundle.foreign import Request, import_model

    request = Request(
        encoder=options.encoder,
        step=options.step,
        labels=options.labels,
        name=options.name or options.output.resolve().name,
        version=options.version,
        interval_millis=options.interval_millis,
        resize=options.resize,
        interpolation=options.interpolation,
        reduced_scale_jpeg=options.reduced_scale_jpeg,
        size=options.size,
        activation=options.activation,
        background=options.background,
        licence=options.licence,
        states=tuple(options.state),
        elapsed=options.elapsed,
        auxiliary=options.auxiliary,
        frames=options.frames,
    )
    c = import_model(request, options.output).contract
    states = ", ".join(f"{s.input} {list(s.shape)}" for s in c.states) or "none"
    print(
        f"wrote {options.output}: {len(c.labels)} labels, frames {c.width}x{c.height},"
        f" {c.encoder_features.shape[1]} features, states: {states}"
    )
