"""Systems 6 and 8: an hour in one pass; carried-state training against MiniROAD's windows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gatestream_comparison import fits
from gatestream_comparison.experiments import cells
from gatestream_comparison.fits import Fit, Fitted
from gatestream_comparison.settings import Context, shape

SCORES = ("test", "zero", "hour")


def window_methods(context: Context) -> dict[str, tuple[int, int]]:
    """MiniROAD's recipe in its variants: the window and on how many last frames the loss is."""
    s = context.settings
    half = max(1, s.long_window // 2)
    return {
        f"GRU, windows of {window}, loss on the last {last}": (window, last)
        for window, last in ((s.long_window, half), (s.long_window, 1), (s.window, s.window // 2))
    }


def tuned_windows(context: Context, hidden: int) -> dict[str, list[Fit]]:
    """The variants' fits, one a seed, each with the rate that is best on the validation clips."""
    s, gru = context.settings, shape("gru", hidden)
    tried = {
        name: [Fit("motion", gru, s.windows(s.seeds[0], *sizes, rate)) for rate in s.rates]
        for name, sizes in window_methods(context).items()
    }
    chosen = {}
    for name, several in fits.run_groups(context, tried, "rates of windows").items():
        best = max(several, key=lambda f: f.validation).fit.recipe
        chosen[name] = [Fit("motion", gru, replace(best, seed=seed), SCORES) for seed in s.seeds]
    return chosen


def run(context: Context) -> dict[str, Any]:
    """Trains what the grid did not, and plays the hours."""
    search = cells.search(context)
    wanted = {
        f"{name}, carried state": cells.chosen_fits(context, search, cell)
        for name, cell in (("GRU", "gru"), ("LSTM", "lstm"), ("RNN", "rnn"))
    }
    wanted |= tuned_windows(context, search["gru"]["hidden"])
    return {
        "methods": {k: _figures(v) for k, v in fits.run_groups(context, wanted, "drift").items()}
    }


def _figures(several: list[Fitted]) -> dict[str, Any]:
    first = several[0].fit
    return {
        "recipe": {k: getattr(first.recipe, k) for k in RECIPE},
        "hidden": first.shape.hidden,
        "validation": [f.validation for f in several],
        "framesSeen": [f.frames_seen for f in several],
        "seconds": [f.seconds for f in several],
        "scores": {score: [f.scores[score] for f in several] for score in ("test", "zero")},
        "hour": _merge([f.scores["hour"] for f in several]),
    }


RECIPE = ("method", "steps", "lanes", "window", "loss_last", "rate")


def _merge(hours: list[dict[str, Any]]) -> dict[str, Any]:
    """Hits [seeds, streams, cells]; frames and photographs are the same for all seeds."""
    first = hours[0]
    return {**first, "hits": [hour["hits"] for hour in hours]}
