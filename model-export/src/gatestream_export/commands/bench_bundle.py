"""`bench-bundle`: a bundle of a known size for measuring, its recurrent part untrained."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatestream_export.commands import option_types as types
from gatestream_export.commands import options as shared

EPILOG = """\
example:
  gatestream-export bench-bundle --output models/bench
  ./gatestream bench --model model-export/models/bench

Its labels mean nothing: the recurrent part has random weights. Speed does not depend on them.
"""
LABELS = tuple(f"class-{i}" for i in range(8))


def add(commands: shared.Commands) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "bench-bundle",
        help="write a bundle for `./gatestream bench`, its recurrent part untrained",
        description="Writes and verifies a bundle of the given sizes without any training.",
        epilog=EPILOG,
        formatter_class=shared.EXAMPLES,
    )
    parser.add_argument("--output", type=Path, required=True, metavar="BUNDLE")
    parser.add_argument(
        "--encoder",
        default="efficientnet-lite0",
        metavar="NAME",
        help="as that of `train` (default: %(default)s)",
    )
    parser.add_argument(
        "--cell", choices=("gru", "lstm", "rnn"), default="gru", help="default: %(default)s"
    )
    parser.add_argument("--hidden", type=types.positive, default=256, help="default: %(default)s")
    parser.add_argument("--layers", type=types.positive, default=2, help="default: %(default)s")
    parser.add_argument(
        "--interval-millis",
        type=types.positive,
        default=100,
        metavar="N",
        help="time between frames (default: %(default)s)",
    )
    parser.add_argument(
        "--reduced-scale-jpeg",
        action="store_true",
        help="decode JPEGs of at least twice the model's size at a reduced scale",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> None:
    import numpy as np
    import torch

    from gatestream_export.bundle import golden, writing
    from gatestream_export.bundle.specification import Specification
    from gatestream_export.errors import UsageError
    from gatestream_export.nets import encoders
    from gatestream_export.nets.recurrent import Recurrent, RecurrentShape, Step
    from gatestream_export.picture.resize import ResizeRule

    writing.require_target(options.output)
    torch.manual_seed(1)
    encoder = encoders.build(options.encoder, frozen=True)
    if encoder.module is None:
        raise UsageError(f"--encoder {options.encoder}: give a name, such as efficientnet-lite0")
    rule = ResizeRule(
        encoder.width,
        encoder.height,
        "stretch",
        "linear",
        reduced_scale_jpeg=options.reduced_scale_jpeg,
    )
    recurrent = Recurrent(
        RecurrentShape(options.cell, encoder.features, len(LABELS), options.hidden, options.layers)
    )
    size = f"{options.encoder}, {options.cell} {options.layers}x{options.hidden}"
    name = options.output.resolve().name
    specification = Specification(
        name=name,
        version="1.0.0",
        labels=LABELS,
        resize=rule,
        frame_interval_millis=options.interval_millis,
        licence="Apache-2.0",
        notice=f"# {name}\n\nFor measuring speed only ({size}): its recurrent part is untrained.\n",
        data="none: the recurrent part has random weights",
        command="gatestream-export bench-bundle",
        metrics={},
    )
    runs = golden.random_runs(rule, options.interval_millis / 1000, 0, 4)
    empty = np.empty((0, rule.height, rule.width, 3), np.uint8)
    writing.write_bundle(
        writing.Parts(encoder.module, Step(recurrent), specification), options.output, empty, runs
    )
    print(f"wrote {options.output}: {size}, untrained, for ./gatestream bench")
