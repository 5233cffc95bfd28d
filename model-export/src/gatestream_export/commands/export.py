"""`export`: the bundle of a training run."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from gatestream_export.commands import option_types as types
from gatestream_export.commands import options as shared

DESCRIPTION = """\
Writes the best weights of a run folder as a bundle: exports both graphs, compares
them with torch over more than 1,000 steps of carried state, writes golden files
from the run's validation clips, and checks all that `verify` checks. A bundle that
is at the same place already is replaced only when the new one is sound.
"""

EPILOG = """\
examples:
  gatestream-export export runs/first --output models/first --licence CC-BY-4.0
  gatestream-export export runs/first --output models/first --name doors --version 1.1.0 \\
      --background nothing
then:
  gatestream-export verify models/first
  ./gatestream run --bootstrap-servers localhost:9092 --model models/first --create-topics
"""


def _temperature(text: str) -> float:
    value = types.number(text)
    if not 0.001 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"{text}, wanted 0.001 to 1000")
    return value


def add(commands: shared.Commands) -> None:
    """Adds the command."""
    export = commands.add_parser(
        "export",
        help="write the bundle of a training run",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=shared.EXAMPLES,
    )
    export.add_argument("run_folder", type=Path, metavar="RUN", help="the --output of `train`")
    export.add_argument("--output", type=Path, required=True, metavar="BUNDLE")
    export.add_argument("--name", help="default: the name of the bundle's folder")
    export.add_argument("--version", default="1.0.0", help="default: %(default)s")
    export.add_argument(
        "--licence",
        default="unstated",
        help="of the model, for model.json and NOTICE.md, such as Apache-2.0 (%(default)s)",
    )
    export.add_argument(
        "--background",
        metavar="LABEL",
        help='the label that means "nothing" (default: that of annotated data)',
    )
    export.add_argument(
        "--temperature",
        type=_temperature,
        default=1.0,
        metavar="T",
        help="scores are softmax(logits / T) (default: 1)",
    )
    export.add_argument(
        "--reduced-scale-jpeg",
        action=argparse.BooleanOptionalAction,
        help="decode JPEGs of at least twice the size at a reduced scale (default: as in training)",
    )
    export.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> None:
    from gatestream_export.bundle.writing import require_target
    from gatestream_export.training import bundling
    from gatestream_export.training.run import RunFolder

    folder = RunFolder.existing(options.run_folder)
    require_target(options.output)
    _, step, score, ended = folder.best()
    if not ended:
        print(
            f"training in {folder.path} has not ended; these are its best weights so far,"
            f" of step {step}",
            file=sys.stderr,
        )
    about = bundling.About(
        options.name or options.output.resolve().name,
        options.version,
        options.licence,
        options.background,
        options.temperature,
        options.reduced_scale_jpeg,
    )
    bundle = bundling.write(folder, about, options.output)
    document = bundle.contract.document
    parity = document["training"]["metrics"]["parity"]
    known = "unknown" if math.isnan(score) else f"{score:.4f}"
    print(
        f"wrote {options.output}: {document['name']} {document['version']},"
        f" {len(document['labels'])} labels, validation accuracy {known}"
    )
    print(
        f"sound: parity over {parity['steps']} carried steps at batches {parity['batches']},"
        f" largest difference of a logit {parity['largestLogitDifference']:.2g}; golden files;"
        f" bit-equal batches: encoder {document['encoder']['bitEqualBatchSizes']},"
        f" step {document['step']['bitEqualBatchSizes']}"
    )
