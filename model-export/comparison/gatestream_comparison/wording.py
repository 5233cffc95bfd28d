"""How figures are written in the report."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np

from gatestream_comparison import intervals
from gatestream_export.objectmotion.evaluation import bootstrap


def paragraphs(text: str) -> str:
    """The text with its paragraphs filled to lines of 100 characters; an empty line parts them."""
    found = (" ".join(part.split()) for part in text.split("\n\n"))
    return "\n\n".join(
        textwrap.fill(part, 100, break_long_words=False, break_on_hyphens=False)
        for part in found
        if part
    )


def share(value: float) -> str:
    """An accuracy with three decimals."""
    return f"{value:.3f}"


def over_seeds(values: Sequence[float]) -> str:
    """Mean and standard deviation over seeds."""
    mean, spread = intervals.mean_and_spread(list(values))
    return f"{mean:.3f} ± {spread:.3f}" if len(values) > 1 else f"{mean:.3f}"


def between(interval: tuple[float, float]) -> str:
    """A 95 % interval."""
    return f"{interval[0]:.3f} to {interval[1]:.3f}"


def photographs(scores: Sequence[dict]) -> tuple[np.ndarray, np.ndarray]:
    """Settled hits and frames by photograph, summed over the seeds."""
    names = sorted(scores[0]["photographs"])
    counts = np.array([[s["photographs"][n] for n in names] for s in scores]).sum(axis=0)
    return counts[:, 0], counts[:, 1]


def over_photographs(scores: Sequence[dict]) -> str:
    """The 95 % interval over photographs of the mean over seeds."""
    return between(bootstrap(*photographs(scores)))


def classes(scores: Sequence[dict], names: Sequence[str]) -> float:
    """Settled accuracy over some classes, the mean over seeds."""
    counts = np.array([[s["classes"][n] for n in names] for s in scores]).sum(axis=(0, 1))
    return float(counts[0] / max(1, counts[1]))


def warning(groups: int, what: str) -> str:
    """The warning that few groups ask for; empty where there are enough."""
    if groups >= intervals.FEW:
        return ""
    return (
        f"Warning: {groups} {what} are fewer than {intervals.FEW}; a bootstrap over so few is too"
        " narrow."
    )
