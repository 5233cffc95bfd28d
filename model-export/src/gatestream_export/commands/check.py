"""`verify`: checks a bundle against its own contract."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatestream_export.errors import CheckFailedError


def add(commands) -> None:
    """Adds the command."""
    check = commands.add_parser("verify", help="check a bundle against its own contract")
    check.add_argument("bundle", type=Path)
    check.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> None:
    from gatestream_export.bundle import contract, verify

    problems = verify.problems(options.bundle)
    if problems:
        raise CheckFailedError(f"{options.bundle} is not sound:\n  " + "\n  ".join(problems))
    document = contract.load(options.bundle).document
    print(
        f"{document['name']} {document['version']} is sound: hashes, names, shapes, golden files,"
        f" encoder bit-equal at {document['encoder']['bitEqualBatchSizes']},"
        f" step at {document['step']['bitEqualBatchSizes']}"
    )
