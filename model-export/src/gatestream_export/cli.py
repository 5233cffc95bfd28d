"""The command line: parse, call, exit code. 0 done, 1 a check failed, 2 wrong usage."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from gatestream_export.commands import (
    bring_in,
    check,
    compare,
    digits,
    export,
    object_motion,
    quantize,
    train,
    untrained,
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
    untrained,
)
"""In the order of `--help`."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong and where the options are explained, not all of them at once."""

    def error(self, message: str) -> NoReturn:
        """Ends with exit code 2."""
        self.exit(2, f"{self.prog}: {message}\nsee {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = Parser(
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
    except OSError as refused:
        # A full disk, a folder without write permission, a path that is no folder.
        print(f"gatestream-export: {refused}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("gatestream-export: stopped", file=sys.stderr)
        return 130
    return 0
