"""The command line: parse, call, exit code. 0 done, 1 a check failed, 2 wrong usage."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from gatestream_export.commands import (
    bring_in,
    check,
    compare,
    digits,
    export,
    object_motion,
    quantize,
    train,
)
from gatestream_export.errors import CheckFailedError, UsageError

COMMANDS = (
    train,
    export,
    check,
    quantize,
    bring_in,
    compare,
    digits,
    object_motion,
)
"""In the order of `--help`."""


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(
        prog="gatestream-export", description="Trains, checks and writes Gatestream model bundles."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in COMMANDS:
        module.add(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; argparse itself exits with 2."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except UsageError as wrong:
        print(f"gatestream-export: {wrong}", file=sys.stderr)
        return 2
    except CheckFailedError as failed:
        print(f"gatestream-export: {failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("gatestream-export: stopped", file=sys.stderr)
        return 130
    return 0
