"""`evaluate-object-motion`: prints the figures of the README again."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatestream_export.commands import options as shared


def add(commands: shared.Commands) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "evaluate-object-motion",
        parents=[shared.rendering()],
        help="print the figures of the README again",
    )
    parser.add_argument("bundle", type=Path)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> None:
    from gatestream_export.bundle.runtime import Bundle
    from gatestream_export.objectmotion import object_motion

    bundle = Bundle(options.bundle)
    run = object_motion.Run(options.bundle, options.work, options.photographs, options.processes)
    scores, jpeg = object_motion.score_bundle(bundle, object_motion.plan(options.smoke), run)
    metrics = bundle.contract.document["training"]["metrics"]
    low, high = scores.interval
    print(f"settled {scores.settled:.4f} (95 % over photographs {low:.4f} to {high:.4f})")
    print(f"raw {scores.raw:.4f}")
    print(f"settled through JPEG quality 60 {jpeg.settled:.4f}")
    print(f"memoryless settled {metrics['memorylessSettledAccuracy']:.4f} (recorded at training)")
    for title, values in (
        ("class", scores.per_class),
        ("frames since start", scores.by_time),
        ("photograph", scores.by_photograph),
    ):
        for name, value in values.items():
            print(f"settled, {title} {name}: {value:.4f}")
    for k, value in enumerate(scores.by_frames_since_change):
        print(f"accuracy {k} frames after a change: {value:.4f}")
