"""System 5: plain RNN, LSTM and GRU, and no memory at all, on the same features and budget."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from gatestream_comparison import fits, kinds
from gatestream_comparison.cost import compare_costs, export_step
from gatestream_comparison.fits import Fit, Fitted
from gatestream_comparison.settings import Context, shape

CELLS = ("rnn", "lstm", "gru")
MEMORYLESS_UNITS = 256


def folds(photographs: list[str], count: int) -> list[tuple[str, ...]]:
    """The photographs split into groups of like size, the same ones every time."""
    names = sorted(set(photographs))
    order = np.random.default_rng(1).permutation(len(names))
    return [tuple(sorted(names[i] for i in order[k::count])) for k in range(count)]


def search(context: Context) -> dict[str, dict[str, Any]]:
    """Hidden size and rate of each cell, by cross-validation over the training photographs."""
    s = context.settings
    motion = kinds.load(context.source, "motion")
    held = folds([stream.group for stream in motion.training.streams], s.folds)
    combinations = list(product(CELLS, s.sizes, s.rates))
    wanted = [
        Fit(
            "motion",
            shape(cell, size),
            s.carried(1, rate, steps=s.search_steps, every=s.search_steps),
            held_out=fold,
        )
        for cell, size, rate in combinations
        for fold in held
    ]
    done = fits.run_all(context.source, wanted, context.kept, context.processes, "search")
    found: dict[str, dict[str, Any]] = {cell: {"rows": []} for cell in CELLS}
    for i, (cell, size, rate) in enumerate(combinations):
        values = [f.validation for f in done[i * len(held) : (i + 1) * len(held)]]
        row = {"hidden": size, "rate": rate, "folds": values, "mean": float(np.mean(values))}
        found[cell]["rows"].append(row)
    for cell in CELLS:
        best = max(found[cell]["rows"], key=lambda row: row["mean"])
        found[cell] |= {"hidden": best["hidden"], "rate": best["rate"]}
    return found


def chosen_fits(context: Context, chosen: dict[str, Any], cell: str) -> list[Fit]:
    """One fit a seed of a cell with the size and rate that the search chose."""
    s = context.settings
    return [
        Fit(
            "motion",
            shape(cell, chosen[cell]["hidden"]),
            s.carried(seed, chosen[cell]["rate"]),
            ("test", "zero", "hour"),
        )
        for seed in s.seeds
    ]


def run(context: Context) -> dict[str, Any]:
    """Searches, trains every cell with every seed, scores, and times the exported steps."""
    s = context.settings
    chosen = search(context)
    wanted = {cell: chosen_fits(context, chosen, cell) for cell in CELLS}
    wanted["none"] = [
        Fit("motion", shape("none", MEMORYLESS_UNITS), s.carried(seed), ("test", "zero"))
        for seed in s.seeds
    ]
    by_cell = fits.run_groups(context, wanted, "cells")
    costs = _costs(context, {cell: several[0] for cell, several in by_cell.items()})
    return {
        "search": chosen,
        "cells": {
            cell: {
                "hidden": several[0].fit.shape.hidden,
                "rate": several[0].fit.recipe.rate,
                "parameters": several[0].parameters,
                "validation": [f.validation for f in several],
                "seconds": [f.seconds for f in several],
                "framesSeen": [f.frames_seen for f in several],
                "scores": {name: [f.scores[name] for f in several] for name in ("test", "zero")},
                "cost": costs[cell],
            }
            for cell, several in by_cell.items()
        },
    }


def _costs(context: Context, networks: dict[str, Fitted]) -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as scratch:
        files = {}
        for name, fitted in networks.items():
            files[name] = Path(scratch) / f"{name}.onnx"
            export_step(fitted.network(context.kept), files[name])
        found = compare_costs(files, rounds=context.settings.latency_rounds, progress="latency")
    return {
        name: {
            "parameters": cost.parameters,
            "stateBytes": cost.state_bytes,
            "latency": {str(batch): asdict(value) for batch, value in cost.latency.items()},
        }
        for name, cost in found.items()
    }
