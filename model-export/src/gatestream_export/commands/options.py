"""Option types and places that several commands share."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TypeAlias

from gatestream_export.commands import option_types as types

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What a command adds its parser to."""

Group: TypeAlias = "argparse._ArgumentGroup"
"""What a group of options is added to."""

EXAMPLES = argparse.RawDescriptionHelpFormatter
"""The formatter for parsers whose epilog shows examples."""


def cache() -> Path:
    """The folder of this product in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatestream"


def rendering() -> argparse.ArgumentParser:
    """The options of every command that renders object motion."""
    places = argparse.ArgumentParser(add_help=False)
    places.add_argument(
        "--photographs",
        type=Path,
        default=cache() / "photographs",
        help="folder into which the Debian packages were unpacked (default: in the user's cache)",
    )
    places.add_argument(
        "--work",
        type=Path,
        default=cache() / "object-motion",
        help="folder for rendered clips, about 5 GB (default: in the user's cache)",
    )
    places.add_argument("--processes", type=types.positive, default=2, help="for rendering")
    places.add_argument("--smoke", action="store_true", help="a tiny run, only for tests")
    return places
