"""Draws the plots of a report as small PNG files, the same bytes every time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter
from PIL import Image

from gatestream_comparison import labels
from gatestream_comparison.figures import Bars, Lines, Plot, Scatter

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's, which colour-blind readers tell apart; markers and hatches say it again."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
HATCHES = ("", "//", "..", "xx", "\\\\", "++", "oo")

_SIZE = (8.0, 4.4)
_DPI = 140
_LEGEND_CHARACTERS = 100
_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.8,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
}


def draw(plot: Plot, file: Path) -> None:
    """Writes the PNG. Settings of the user's own matplotlib have no part in it."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        figure = Figure(figsize=_SIZE, dpi=_DPI, layout="constrained")
        canvas = FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        if isinstance(plot, Lines):
            _lines(plot, axes)
        elif isinstance(plot, Bars):
            _bars(plot, axes)
        elif isinstance(plot, Scatter):
            _scatter(plot, axes)
        else:
            raise TypeError(f"no drawing for {type(plot).__name__}")
        axes.set_title(plot.title)
        axes.set_xlabel(plot.x_label)
        axes.set_ylabel(plot.y_label)
        if plot.y_range is not None:
            axes.set_ylim(*plot.y_range)
        handles, names = axes.get_legend_handles_labels()
        if len(names) > 1:
            columns = _legend_columns([len(name) for name in names])
            figure.legend(handles, names, loc="outside lower center", ncols=columns, fontsize=10)
        canvas.draw()
        if isinstance(plot, Scatter):
            labels.place(plot, axes, canvas)
            canvas.draw()
        # A palette makes the file a third as large; the library's version stays out of it.
        picture = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3])
        picture.quantize(128, dither=Image.Dither.NONE).save(file, format="PNG", optimize=True)


def _legend_columns(lengths: list[int]) -> int:
    """As many as fit the figure's width, every column as wide as its longest name."""
    for columns in range(min(5, len(lengths)), 1, -1):
        widths = [max(lengths[i::columns]) + 8 for i in range(columns)]
        if sum(widths) <= _LEGEND_CHARACTERS:
            return columns
    return 1


def _style(index: int) -> tuple[str, str]:
    return COLOURS[index % len(COLOURS)], MARKERS[index % len(MARKERS)]


def _log_ticks(axes: Axes, log: bool) -> None:
    if log:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axes.xaxis.set_minor_formatter(NullFormatter())


def _lines(plot: Lines, axes: Axes) -> None:
    for i, one in enumerate(plot.series):
        colour, marker = _style(i)
        axes.plot(
            one.x,
            one.y,
            label=one.name,
            color=colour,
            linestyle=DASHES[i % len(DASHES)],
            linewidth=2,
            # Marks on a long line would hide it.
            marker=marker if len(one.x) <= 20 else None,
            markersize=5,
        )
        if one.low:
            axes.fill_between(one.x, one.low, one.high, color=colour, alpha=0.18, linewidth=0)
    _log_ticks(axes, plot.log_x)


def _bars(plot: Bars, axes: Axes) -> None:
    places = np.arange(len(plot.groups))
    width = 0.8 / max(1, len(plot.series))
    for i, one in enumerate(plot.series):
        colour, _ = _style(i)
        spread = None
        if one.low:
            y = np.array(one.y)
            spread = np.maximum(0, [y - np.array(one.low), np.array(one.high) - y])
        axes.bar(
            places + (i - (len(plot.series) - 1) / 2) * width,
            one.y,
            width * 0.92,
            label=one.name,
            color=colour,
            edgecolor="white",
            hatch=HATCHES[i % len(HATCHES)],
            yerr=spread,
            error_kw={"elinewidth": 1.2, "capsize": 3, "ecolor": "#333333"},
        )
    axes.set_xticks(places, plot.groups)
    axes.grid(visible=False, axis="x")


def _scatter(plot: Scatter, axes: Axes) -> None:
    groups = list(dict.fromkeys(point.group for point in plot.points))
    for i, group in enumerate(groups):
        colour, marker = _style(i)
        label = group or None
        for point in (p for p in plot.points if p.group == group):
            (x0, x1), (y0, y1) = labels.spread(point)
            axes.errorbar(
                [point.x],
                [point.y],
                xerr=[[max(0, point.x - x0)], [max(0, x1 - point.x)]],
                yerr=[[max(0, point.y - y0)], [max(0, y1 - point.y)]],
                label=label,
                color=colour,
                marker=marker,
                markersize=8,
                linestyle="none",
                elinewidth=1.2,
                capsize=3,
            )
            label = None
            axes.annotate(
                point.name,
                (point.x, point.y),
                labels.PLACES[0],
                textcoords="offset points",
                fontsize=9,
            )
    _log_ticks(axes, plot.log_x)
    axes.margins(0.12)
