"""The command line: parse, call, exit code. 0 done, 1 a check failed, 2 wrong usage."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from collections.abc import Sequence
from importlib import metadata
from typing import NoReturn, Protocol

from gatestream_export.commands import (
    bench_bundle,
    evaluate_digits,
    evaluate_object_motion,
    evaluate_samples,
    export,
    import_model,
    quantize,
    train,
    train_digits,
    train_object_motion,
    verify,
    write_samples,
)
from gatestream_export.commands.options import Commands
from gatestream_export.errors import CheckFailedError, UsageError

COMPARISON = "gatestream_comparison"
"""The package of `compare`: a checkout has it, an installed tool has not."""


class Command(Protocol):
    """A module of one command."""

    def add(self, commands: Commands) -> None:
        """Adds its parser, whose default `run` takes the parsed options."""


def _commands() -> tuple[Command, ...]:
    """In the order of `--help`."""
    compare: tuple[Command, ...] = ()
    if importlib.util.find_spec(COMPARISON) is not None:
        compare = (importlib.import_module(f"{COMPARISON}.command"),)
    return (
        train,
        export,
        verify,
        quantize,
        import_model,
        *compare,
        train_digits,
        evaluate_digits,
        train_object_motion,
        evaluate_object_motion,
        write_samples,
        evaluate_samples,
        bench_bundle,
    )


class Parser(argparse.ArgumentParser):
    """Says what is wrong and where the options are explained, not all of them at once."""

    def error(self, message: str) -> NoReturn:
        """Ends with exit code 2."""
        self.exit(2, f"{self.prog}: {message}\nsee {self.prog} --help\n")


def _version() -> str:
    """Of the installed tool."""
    try:
        return metadata.version("gatestream-export")
    except metadata.PackageNotFoundError:
        return "(of a checkout)"


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top: argparse.ArgumentParser = Parser(
        prog="gatestream-export", description="Trains, checks and writes Gatestream model bundles."
    )
    top.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in _commands():
        command.add(commands)
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
