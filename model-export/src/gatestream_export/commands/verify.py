"""`verify`: checks a bundle against its own contract."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatestream_export.commands import options as shared
from gatestream_export.errors import CheckFailedError

DESCRIPTION = """\
Checks hashes, names, shapes, recurrent nodes and golden files of a bundle, and
carries its state over 1,000 steps at batches 1, 2, 3 and 64, against the same graphs
without optimisation. Exit code 1 with every problem when it is not sound.
"""


def add(commands: shared.Commands) -> None:
    """Adds the command."""
    check = commands.add_parser(
        "verify",
        help="check a bundle against its own contract",
        description=DESCRIPTION,
        epilog="example:\n  gatestream-export verify stream-app/models/object-motion\n",
        formatter_class=shared.EXAMPLES,
    )
    check.add_argument("bundle", type=Path, help="the bundle's folder")
    check.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> None:
    from gatestream_export.bundle import contract, verify

    problems = verify.problems(options.bundle)
    if problems:
        raise CheckFailedError(f"{options.bundle} is not sound:\n  " + "\n  ".join(problems))
    document = contract.load(options.bundle).document
    print(
        f"{document['name']} {document['version']} is sound: hashes, names, shapes, golden files,"
        " carried state,"
        f" encoder bit-equal at {document['encoder']['bitEqualBatchSizes']},"
        f" step at {document['step']['bitEqualBatchSizes']}"
    )
