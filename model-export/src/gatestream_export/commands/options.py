"""Option types and places that several commands share."""

from __future__ import annotations

import argparse
import math
import os
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""What a command adds its parser to."""

Group: TypeAlias = "argparse._ArgumentGroup"
"""What a group of options is added to."""

EXAMPLES = argparse.RawDescriptionHelpFormatter
"""The formatter for parsers whose epilog shows examples."""


def cache() -> Path:
    """The folder of this product in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatestream"


def positive(text: str) -> int:
    """A whole number above 0."""
    value = whole(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r}, wanted 1 or more")
    return value


def whole(text: str) -> int:
    """A whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}, wanted a whole number") from None


def number(text: str) -> float:
    """A number; NaN is none."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isnan(value):
        raise argparse.ArgumentTypeError(f"{text!r}, wanted a number")
    return value


def not_negative(text: str) -> float:
    """A number from 0, not infinite."""
    value = number(text)
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r}, wanted 0 or more")
    return value


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
    places.add_argument("--processes", type=positive, default=2, help="for rendering")
    places.add_argument("--smoke", action="store_true", help="a tiny run, only for tests")
    return places
