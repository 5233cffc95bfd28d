"""`write-samples`: renders the sample clips and their truth.csv."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatestream_export.commands import options as shared


def add(commands: shared.Commands) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "write-samples",
        parents=[shared.rendering()],
        help="render the sample clips and truth.csv",
    )
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument(
        "--split",
        choices=("test", "validation"),
        default="test",
        help="test: the sample clips; validation: two minutes of each photograph of that split, to"
        " tune event rules on",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> None:
    from gatestream_export.objectmotion import samples

    size = samples.write(options.output, options.photographs, options.split)
    print(f"wrote {len(samples.planned(options.split))} clips, {size / 1e6:.2f} MB")
