"""The report's part on the hour in one pass."""

from __future__ import annotations

from typing import Any

import numpy as np

from gatestream_comparison import hours, intervals, wording
from gatestream_comparison.figures import Lines, Series, Table
from gatestream_comparison.report import Section
from gatestream_comparison.settings import Context
from gatestream_export.objectmotion.evaluation import bootstrap
from gatestream_export.objectmotion.motion import FRAMES_PER_SECOND

Counts = tuple[np.ndarray, np.ndarray]


def section(context: Context, result: dict[str, Any]) -> Section:
    """Tables and the plot of `drift.run`."""
    s, methods = context.settings, result["methods"]
    first = next(iter(methods.values()))["hour"]
    streams, seconds = len(first["frames"]), context.source.hour / FRAMES_PER_SECOND
    blocks = streams * int(-(-seconds // hours.BLOCK_SECONDS))
    text = wording.paragraphs(f"""\
An hour in one pass: {streams} streams of {context.source.hour:,} frames ({seconds / 60:g} minutes
at {FRAMES_PER_SECOND} frames a second), each a chain of test clips, the state set to zero once at
its start. The orders form a part of a balanced Latin square: at every time each clip is played by
one of the streams, so that no bin of time has easier clips than another. Time since reset is the
time since that start. Settled as above; a clip's start counts as a change.

Carried: state carried and detached between windows, random resets, frames dropped at random, no
loss on the first frames after a reset or a change. Windows: MiniROAD's recipe (An et al., ICCV
2023), random windows from the initial state with the loss on their last frames. All saw as many
frames ({s.frames():,}; padding at resets makes it slightly fewer for carried state), {len(s.seeds)}
seeds. The rate of carried state is the cells' search's; each variant of windows has the best of
{len(s.rates)} rates on the validation clips (one seed, the full budget). A loss on the last
frame of a window of {s.long_window} learns from one label where carried
state learns from {s.long_window}: equal frames
are not equal labels.

Bands and intervals: 95 %, bootstrap over photographs of the mean over seeds.
{wording.warning(len(first["photographs"]), "test photographs")} The interval over {blocks:,} blocks
of {hours.BLOCK_SECONDS} seconds stands beside it; blocks of one photograph are alike, so it is too
narrow as well.""")
    return Section(
        "An hour in one pass (systems 6 and 8)",
        text,
        (_methods(methods), _times(context, methods), _change(context, methods)),
        (_plot(context, methods),),
    )


def by_photograph(hour: dict[str, Any], cells: tuple[int, int]) -> Counts:
    """Settled hits and frames of a range of cells by photograph, summed over seeds and streams."""
    at = slice(*cells)
    hits = np.array(hour["hits"])[:, :, at]
    frames = np.broadcast_to(np.array(hour["frames"])[:, at], hits.shape)
    group = np.broadcast_to(np.array(hour["photograph"])[:, at], hits.shape)
    return intervals.by_group(hits, frames, group, len(hour["photographs"]))


def by_block(hour: dict[str, Any]) -> Counts:
    """Settled hits and frames of each stream's 30-second blocks, summed over seeds."""
    starts = np.arange(
        0, len(hour["frames"][0]), hours.BLOCK_SECONDS * FRAMES_PER_SECOND // hours.CELL
    )
    hits = np.add.reduceat(np.array(hour["hits"]).sum(axis=0), starts, axis=1)
    frames = np.add.reduceat(np.array(hour["frames"]), starts, axis=1) * len(hour["hits"])
    return hits.reshape(-1), frames.reshape(-1)


def of_seeds(hour: dict[str, Any], cells: tuple[int, int] | None = None) -> list[float]:
    """Settled accuracy of each seed over a range of cells, or the whole hour."""
    at = slice(*(cells or (0, None)))
    total = max(1, int(np.array(hour["frames"])[:, at].sum()))
    return [float(np.array(hits)[:, at].sum() / total) for hits in hour["hits"]]


def _methods(methods: dict[str, Any]) -> Table:
    rows = []
    for name, one in methods.items():
        recipe, hour = one["recipe"], one["hour"]
        whole = by_photograph(hour, (0, len(hour["frames"][0])))
        rows.append(
            (
                name,
                f"{recipe['steps']} x {recipe['lanes']} x {recipe['window']}",
                f"{recipe['rate']:g}",
                wording.over_seeds([v["settled"] for v in one["scores"]["zero"]]),
                wording.over_seeds([v["settled"] for v in one["scores"]["test"]]),
                wording.over_seeds(of_seeds(hour)),
                wording.between(bootstrap(*whole)),
                wording.between(bootstrap(*by_block(hour))),
            )
        )
    columns = ("training", "steps x lanes x window", "rate", "from zero", "carried, each clip")
    hour_columns = ("carried, the hour", "95 % photographs", "95 % blocks")
    return Table((*columns, *hour_columns), rows, "Settled accuracy")


def name_of(cells: tuple[int, int]) -> str:
    """A bin's name, as in "10-30 s" or "5-10 min"."""
    seconds = [c * hours.CELL // FRAMES_PER_SECOND for c in cells]
    if seconds[1] <= 60:
        return f"{seconds[0]}-{seconds[1]} s"
    return f"{seconds[0] / 60:g}-{seconds[1] / 60:g} min"


def _times(context: Context, methods: dict[str, Any]) -> Table:
    ranges = hours.bins(context.source.hour)
    rows = [
        (name, *(wording.share(float(np.mean(of_seeds(one["hour"], r)))) for r in ranges))
        for name, one in methods.items()
    ]
    return Table(
        ("training", *(name_of(r) for r in ranges)), rows, "Settled accuracy by time since reset"
    )


def _change(context: Context, methods: dict[str, Any]) -> Table:
    ranges = hours.bins(context.source.hour)
    early, late = ranges[min(3, len(ranges) - 1)], ranges[-1]
    rows = []
    for name, one in methods.items():
        first, last = (by_photograph(one["hour"], r) for r in (early, late))
        low, high = intervals.bootstrap_difference(first, last)
        difference = last[0].sum() / max(1, last[1].sum()) - first[0].sum() / max(1, first[1].sum())
        rows.append((name, f"{difference:+.3f}", f"{low:+.3f} to {high:+.3f}"))
    caption = f"Change of settled accuracy from {name_of(early)} to {name_of(late)}"
    return Table(("training", "change", "95 % over photographs"), rows, caption)


def _plot(context: Context, methods: dict[str, Any]) -> Lines:
    ranges = hours.bins(context.source.hour)
    # The geometric middle of a bin; the first has none, its arithmetic middle stands for it.
    middles = [(max(a, 0.25) * b) ** 0.5 * hours.CELL / FRAMES_PER_SECOND / 60 for a, b in ranges]
    series = []
    for name, one in methods.items():
        counts = [by_photograph(one["hour"], r) for r in ranges]
        bands = [bootstrap(*c) for c in counts]
        series.append(
            Series(
                name,
                [float(right.sum() / max(1, total.sum())) for right, total in counts],
                x=middles,
                low=[low for low, _ in bands],
                high=[high for _, high in bands],
            )
        )
    return Lines(
        name="drift",
        title="An hour in one pass: settled accuracy by time since reset",
        x_label="minutes since reset",
        y_label="settled accuracy",
        caption="Settled accuracy by time since reset, mean over seeds; bands: 95 %, bootstrap over"
        " photographs.",
        y_range=(0.0, 1.0),
        log_x=True,
        series=tuple(series),
    )
