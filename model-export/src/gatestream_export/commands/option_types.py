"""Types of options: text to a value, or a message that says what was wanted."""

from __future__ import annotations

import argparse
import math


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


def size(text: str) -> tuple[int, int]:
    """WIDTHxHEIGHT."""
    width, _, height = text.lower().partition("x")
    try:
        size = int(width), int(height)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}, wanted WIDTHxHEIGHT such as 64x64") from None
    if min(size) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}, wanted 1x1 or more")
    return size


def share(text: str) -> float:
    """A share from 0 to below 1."""
    value = number(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"{text!r}, wanted from 0 to below 1")
    return value


def quality(text: str) -> int:
    """A JPEG quality; 0 is none."""
    value = whole(text)
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError(f"{value}, wanted 0 to 100")
    return value


def above(text: str) -> float:
    """A number above 0, not infinite."""
    value = number(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r}, wanted above 0")
    return value


def frames(text: str) -> int:
    """A number of frames, 0 too."""
    value = whole(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text!r}, wanted 0 or more")
    return value


def colour(text: str) -> tuple[int, int, int]:
    """R,G,B."""
    try:
        values = tuple(int(v) for v in text.split(","))
    except ValueError:
        values = ()
    if len(values) != 3 or not all(0 <= v <= 255 for v in values):
        raise argparse.ArgumentTypeError(f"{text!r}, wanted R,G,B from 0 to 255")
    return values


def region(text: str) -> tuple[float, float, float, float]:
    """X,Y,WIDTH,HEIGHT as shares of a picture."""
    try:
        values = tuple(float(v) for v in text.split(","))
    except ValueError:
        values = ()
    if len(values) != 4:
        raise argparse.ArgumentTypeError(f"{text!r}, wanted X,Y,WIDTH,HEIGHT as shares of 1")
    return values
