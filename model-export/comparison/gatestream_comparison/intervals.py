"""Intervals: bootstrap over groups of frames that belong together."""

from __future__ import annotations

import numpy as np

from gatestream_export.objectmotion.evaluation import ROUNDS

FEW = 20
"""Below so many groups a bootstrap interval is too narrow to be trusted; reports warn."""


def bootstrap_difference(
    first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]
) -> tuple[float, float]:
    """95 % interval of the second share less the first, the same groups drawn for both."""
    rng = np.random.default_rng(0)
    count = len(first[0])
    picks = rng.integers(0, count, (ROUNDS, count))
    shares = [
        np.asarray(right, float)[picks].sum(axis=1)
        / np.maximum(1e-9, np.asarray(total, float)[picks].sum(axis=1))
        for right, total in (first, second)
    ]
    low, high = np.percentile(shares[1] - shares[0], [2.5, 97.5])
    return float(low), float(high)


def by_group(
    values: np.ndarray, totals: np.ndarray, group: np.ndarray, groups: int
) -> tuple[np.ndarray, np.ndarray]:
    """Counts summed by group number [groups]; the three arrays have one shape."""
    flat = group.reshape(-1)
    return (
        np.bincount(flat, values.reshape(-1), groups),
        np.bincount(flat, totals.reshape(-1), groups),
    )


def mean_and_spread(values: list[float]) -> tuple[float, float]:
    """Mean and standard deviation over seeds (of the sample; 0 for one)."""
    return float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
