"""Where the names of a scatter plot's points stand, so that none covers another."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.transforms import Bbox

from gatestream_comparison.figures import Point, Scatter

_MARKER = 6
"""Pixels from a point's middle that its marker covers."""

PLACES = ((7, 6), (7, -14), (-7, 6), (-7, -14), (14, 18), (14, -26), (-14, 18), (-14, -26))
"""Where a point's name may stand, in points from it, the best first."""


def place(plot: Scatter, axes: Axes, canvas: FigureCanvasAgg) -> None:
    """Moves each point's name to the first place around it where it covers nothing."""
    renderer = canvas.get_renderer()
    window = axes.get_window_extent(renderer)
    taken = []
    for point in plot.points:
        (x0, x1), (y0, y1) = spread(point)
        ends = (((x0, point.y), (x1, point.y)), ((point.x, y0), (point.x, y1)))
        taken += [Bbox(axes.transData.transform(e)).padded(_MARKER) for e in ends]
    for text in axes.texts:
        boxes: list[Bbox] = []
        for place in PLACES:
            text.set_position(place)
            text.set_horizontalalignment("left" if place[0] > 0 else "right")
            boxes.append(text.get_window_extent(renderer))
            outside = boxes[-1].x0 < window.x0 or boxes[-1].x1 > window.x1
            if not outside and not any(boxes[-1].overlaps(other) for other in taken):
                break
        else:
            text.set_position(PLACES[0])
            text.set_horizontalalignment("left")
            boxes.append(boxes[0])
        taken.append(boxes[-1])


def spread(point: Point) -> tuple[tuple[float, float], tuple[float, float]]:
    """Ends in x and in y; the point itself where no spread is known."""
    x = point.x if point.x_low is None else point.x_low
    y = point.y if point.y_low is None else point.y_low
    return (
        (x, point.x if point.x_high is None else point.x_high),
        (y, point.y if point.y_high is None else point.y_high),
    )
