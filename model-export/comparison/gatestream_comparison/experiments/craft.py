"""System 7, the training craft: one thing changed at a time on the grid's GRU."""

from __future__ import annotations

from typing import Any

from gatestream_comparison import fits
from gatestream_comparison.fits import Fit
from gatestream_comparison.settings import Context, shape
from gatestream_export.training.recipe import WINDOWS


def variants(context: Context) -> dict[str, list[Fit]]:
    """The baseline and its variants, one fit a seed."""
    s = context.settings

    def several(dropout: float = 0.0, **changes: Any) -> list[Fit]:
        form = shape("gru", dropout=dropout)
        return [Fit("motion", form, s.carried(seed, **changes), ("test",)) for seed in s.few_seeds]

    return {
        "baseline": several(),
        "no gradient clipping": several(clip=1e9),
        "dropout 0.2": several(dropout=0.2),
        "no weight decay": several(weight_decay=0.0),
        "weight decay 0.01": several(weight_decay=1e-2),
        "balanced class weights": several(balanced=True),
        "no dropped frames": several(drop=0.0),
        "no burn-in": several(burn_in=0),
        "early stopping, patience 1": several(patience=1),
        "state not carried": several(method=WINDOWS, loss_last=s.window),
    }


def run(context: Context) -> dict[str, Any]:
    """Trains every variant; they are compared by validation accuracy."""
    return {
        name: {
            "validation": [f.validation for f in several],
            "test": [f.scores["test"]["settled"] for f in several],
            "bestStep": [f.best_step for f in several],
            "framesSeen": [f.frames_seen for f in several],
        }
        for name, several in fits.run_groups(context, variants(context), "craft").items()
    }
