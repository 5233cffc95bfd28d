"""`compare`: runs the systems side by side and writes the report."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from gatestream_export.commands import options as shared
from gatestream_export.errors import UsageError

NAMES = ("equations", "images", "cells", "drift", "irregular", "craft", "encoders")
MARKER = "comparison"
BUNDLE = Path(__file__).resolve().parents[3] / "stream-app" / "models" / "object-motion"
REPORT_FOLDER = "report"

EPILOG = f"""\
experiments:
  equations  the GRU cell written out, against torch and ONNX Runtime
  images     image classifiers with a recurrent part on the digits
  cells      plain RNN, LSTM, GRU and no memory: search, accuracy, cost
  drift      an hour in one pass; carried-state training against MiniROAD's windows
  irregular  dropped frames with and without elapsed; a side feature
  craft      training settings, one changed at a time
  encoders   frozen encoders under the same GRU

Each experiment is kept in the output folder as soon as it is done, and each training on object
motion too: a second run with the same settings goes on where the first stopped. The report is
OUTPUT/report/report.md.
--processes is also the number of trainings side by side, each on one thread.
--readme puts its overview between <!-- {MARKER} --> and <!-- /{MARKER} -->.

examples:
  python -m gatestream_export compare --output comparison
  python -m gatestream_export compare --output comparison --only cells --only drift
  python -m gatestream_export compare --output comparison --cifar10 cifar-10-batches-bin
"""


def add(commands: shared.Commands) -> None:
    """Adds the command."""
    compare = commands.add_parser(
        "compare",
        parents=[shared.rendering()],
        help="run all systems side by side and write the report (within an hour on 2 cores)",
        description="Trains and measures the recurrent systems on object motion and on digits and"
        " writes a report in Markdown with plots.",
        epilog=EPILOG,
        formatter_class=shared.EXAMPLES,
    )
    compare.add_argument("--output", type=Path, required=True, help="folder of results and report")
    compare.add_argument(
        "--only",
        action="append",
        choices=NAMES,
        metavar="NAME",
        help="run this experiment only, may be repeated; others appear in the report if kept",
    )
    compare.add_argument(
        "--bundle",
        type=Path,
        default=BUNDLE,
        help="bundle whose encoder gives the features (default: the shipped object-motion)",
    )
    compare.add_argument(
        "--cifar10", type=Path, metavar="FOLDER", help="CIFAR-10 in its binary version (long)"
    )
    compare.add_argument(
        "--readme", type=Path, metavar="FILE", help="put the overview into this file"
    )
    compare.set_defaults(run=_compare)


def _compare(options: argparse.Namespace) -> None:
    encoder = options.bundle / "encoder.onnx"
    if not encoder.is_file():
        raise UsageError(f"missing file: {encoder}; name a bundle with --bundle")
    if options.cifar10 is not None and not options.cifar10.is_dir():
        raise UsageError(f"no such folder: {options.cifar10}")
    if options.output.exists() and not options.output.is_dir():
        raise UsageError(f"{options.output} is a file; name a folder for the results")
    if options.readme is not None and not options.readme.is_file():
        raise UsageError(f"missing file: {options.readme}")
    from gatestream_comparison import report, results, settings
    from gatestream_comparison.sections import contents

    logging.basicConfig(format="%(message)s")
    logging.getLogger("gatestream_export").setLevel(logging.INFO)
    source = settings.source(
        encoder, options.photographs, options.work, options.processes, options.smoke
    )
    budgets = settings.SMOKE if options.smoke else settings.Settings()
    context = settings.Context(source, budgets, options.output, options.processes, options.cifar10)
    wanted = options.only or NAMES
    done = {}
    for name in NAMES:
        obtain = results.perform if name in wanted else results.kept
        found = obtain(context, name)
        if found is not None:
            done[name] = found
    command = "python -m gatestream_export compare --output DIR"
    command += " --cifar10 FOLDER" if options.cifar10 is not None else ""
    written = contents.all_sections(context, done, command)
    folder = options.output / REPORT_FOLDER
    report.write(folder, contents.TITLE, written)
    if options.readme is not None:
        report.insert(options.readme, MARKER, report.section_markdown(written[0], level=3))
    print(f"wrote {folder / report.REPORT}: {', '.join(done)}")
