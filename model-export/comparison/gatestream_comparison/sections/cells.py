"""The report's part on the cells."""

from __future__ import annotations

from typing import Any

from gatestream_comparison import intervals, wording
from gatestream_comparison.figures import Bars, Point, Scatter, Series, Table
from gatestream_comparison.report import Section
from gatestream_comparison.settings import LAYERS, Context

NAMES = {"rnn": "plain RNN", "lstm": "LSTM", "gru": "GRU", "none": "no memory"}


def section(context: Context, result: dict[str, Any]) -> Section:
    """Tables and plots of `cells_grid.run`."""
    s, cells = context.settings, result["cells"]
    some = next(iter(cells.values()))["scores"]["test"]
    text = wording.paragraphs(f"""\
Every cell has {LAYERS} layers on the same cached features and sees {s.frames():,} frames of the
same clips in the same order ({s.steps} steps, {s.lanes} lanes, windows of {s.window} frames, state
carried). {len(s.seeds)} seeds; ± is the standard deviation over them. Hidden size and learning rate
were searched for each cell: {s.folds}-fold cross-validation over groups of the training
photographs, {s.search_steps} steps, one seed; the validation and test photographs had no part in
it. The encoder has seen all training photographs, and clips blend in a second one, so folds are
easier than new photographs, for all cells alike. A search
with fewer steps than the trainings have favours what learns fast. The weights kept are the best on
the validation clips.

Carried: each test clip of {context.source.test.frames} frames in one pass. From zero: windows of
100 frames, each from the initial state. Intervals: 95 %, bootstrap over photographs of the mean
over seeds. {wording.warning(len(some[0]["photographs"]), "test photographs")}

Latency is a step in ONNX Runtime on one CPU thread, state is a stream's. Training time is the
processor time of one thread, validation included.""")
    return Section(
        "Plain RNN, LSTM and GRU side by side (system 5)",
        text,
        (_accuracy(cells), _cost(cells), _search(result["search"])),
        (_bars(cells), _scatter(cells)),
    )


def _accuracy(cells: dict[str, Any]) -> Table:
    rows = []
    for cell, one in cells.items():
        test, zero = one["scores"]["test"], one["scores"]["zero"]
        rows.append(
            (
                NAMES[cell],
                one["hidden"],
                wording.over_seeds([t["settled"] for t in test]),
                wording.over_photographs(test),
                wording.over_seeds([z["settled"] for z in zero]),
                wording.over_seeds([t["raw"] for t in test]),
                wording.over_seeds(one["validation"]),
            )
        )
    columns = ("cell", "hidden", "settled, carried", "95 %", "settled, from zero", "raw, carried")
    return Table((*columns, "validation"), rows, "Accuracy on the test photographs")


def _cost(cells: dict[str, Any]) -> Table:
    rows = []
    for cell, one in cells.items():
        cost = one["cost"]
        latency = {batch: value["median"] for batch, value in cost["latency"].items()}
        rows.append(
            (
                NAMES[cell],
                f"{one['parameters']:,}",
                f"{sum(one['seconds']) / len(one['seconds']):.0f} s",
                f"{cost['stateBytes']:,} bytes",
                f"{latency['1']:.0f} µs",
                f"{latency['64']:.0f} µs",
                f"{latency['64'] / 64:.1f} µs",
            )
        )
    columns = ("cell", "parameters", "training", "state", "step, batch 1", "step, batch 64")
    return Table((*columns, "a stream at 64"), rows, "Cost")


def _search(search: dict[str, Any]) -> Table:
    rows = []
    for cell, one in search.items():
        for row in one["rows"]:
            best = row["hidden"] == one["hidden"] and row["rate"] == one["rate"]
            folds = ", ".join(wording.share(v) for v in row["folds"])
            mean = wording.share(row["mean"]) + (" (chosen)" if best else "")
            rows.append((NAMES[cell], row["hidden"], f"{row['rate']:g}", folds, mean))
    return Table(("cell", "hidden", "rate", "folds", "mean"), rows, "The search")


def _bars(cells: dict[str, Any]) -> Bars:
    series = []
    for name, key in (("state carried", "test"), ("from zero", "zero")):
        values = [
            intervals.mean_and_spread([v["settled"] for v in one["scores"][key]])
            for one in cells.values()
        ]
        series.append(
            Series(
                name,
                [m for m, _ in values],
                low=[m - d for m, d in values],
                high=[m + d for m, d in values],
            )
        )
    return Bars(
        name="cells",
        title="Settled accuracy by cell",
        x_label="cell",
        y_label="settled accuracy",
        caption="Settled accuracy on the test photographs; the bars' ends: one standard deviation"
        " over the seeds.",
        y_range=(0.0, 1.0),
        groups=tuple(NAMES[cell] for cell in cells),
        series=tuple(series),
    )


def _scatter(cells: dict[str, Any]) -> Scatter:
    points = []
    for cell, one in cells.items():
        mean, spread = intervals.mean_and_spread([t["settled"] for t in one["scores"]["test"]])
        latency = one["cost"]["latency"]["1"]
        points.append(
            Point(
                f"{NAMES[cell]}, {one['hidden']}",
                latency["median"],
                mean,
                x_low=latency["low"],
                x_high=latency["high"],
                y_low=mean - spread,
                y_high=mean + spread,
            )
        )
    return Scatter(
        name="cells-latency",
        title="Accuracy and what a step costs",
        x_label="µs a step at batch 1, one thread (median, 10 to 90 %)",
        y_label="settled accuracy, state carried",
        caption="Settled accuracy against the latency of one step at batch 1.",
        points=tuple(points),
    )
