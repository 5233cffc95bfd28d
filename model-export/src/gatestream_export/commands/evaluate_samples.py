"""`evaluate-samples`: runs a bundle over the sample clips."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatestream_export.commands import options as shared


def add(commands: shared.Commands) -> None:
    """Adds the command."""
    parser = commands.add_parser("evaluate-samples", help="run a bundle over the sample clips")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("samples", type=Path)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> None:
    from gatestream_export.bundle.runtime import Bundle
    from gatestream_export.objectmotion import samples

    scores = samples.evaluate(Bundle(options.bundle), options.samples)
    for s in scores:
        print(f"{s.stream}: settled {s.settled:.3f}, raw {s.raw:.3f}, {s.frames} frames")
    frames = sum(s.frames for s in scores)
    settled = sum(s.settled * s.frames for s in scores) / frames
    raw = sum(s.raw * s.frames for s in scores) / frames
    print(f"all, weighted by length: settled {settled:.3f}, raw {raw:.3f}, {frames} frames")
