"""What a report shows, as plain data: tables and three kinds of plots, to and from JSON."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _number(value: float | None) -> float:
    # Six digits are more than a picture shows, and keep the JSON small.
    return math.nan if value is None else float(f"{float(value):.6g}")


def _numbers(values: Iterable[float] | None) -> tuple[float, ...]:
    """Python floats, whatever the caller's type; None inside is a gap."""
    return () if values is None else tuple(_number(v) for v in values)


def _check_lengths(what: str, wanted: int, **values: Sequence[Any]) -> None:
    for name, value in values.items():
        if len(value) != wanted:
            raise ValueError(f"{what}: {len(value)} values of {name}, wanted {wanted}")


@dataclass(frozen=True)
class Table:
    """Rows of text or numbers; a float is shown with 4 digits, so give text where that is wrong."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str | int | float]]
    caption: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(self.columns))
        object.__setattr__(self, "rows", tuple(tuple(row) for row in self.rows))
        for row in self.rows:
            _check_lengths(f"table {self.caption!r}, row {row}", len(self.columns), cells=row)


@dataclass(frozen=True)
class Series:
    """Named values; NaN is a gap. `low` and `high` are the ends of the spread, or empty.

    `x` is for lines only; in bars the values stand in the order of the groups.
    """

    name: str
    y: Sequence[float]
    x: Sequence[float] = ()
    low: Sequence[float] = ()
    high: Sequence[float] = ()

    def __post_init__(self) -> None:
        for name in ("x", "y", "low", "high"):
            object.__setattr__(self, name, _numbers(getattr(self, name)))
        for name in ("x", "low", "high"):
            if getattr(self, name):
                _check_lengths(f"series {self.name}", len(self.y), **{name: getattr(self, name)})
        if bool(self.low) != bool(self.high):
            raise ValueError(f"series {self.name}: low without high, or high without low")


@dataclass(frozen=True)
class Point:
    """One marked place of a scatter plot. Points of one `group` share a colour and a marker."""

    name: str
    x: float
    y: float
    group: str = ""
    x_low: float | None = None
    x_high: float | None = None
    y_low: float | None = None
    y_high: float | None = None

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            object.__setattr__(self, name, _number(getattr(self, name)))
        for name in ("x_low", "x_high", "y_low", "y_high"):
            value = getattr(self, name)
            object.__setattr__(self, name, None if value is None else _number(value))
        for axis in ("x", "y"):
            if (getattr(self, axis + "_low") is None) != (getattr(self, axis + "_high") is None):
                raise ValueError(f"point {self.name}: one end of its spread in {axis}")


@dataclass(frozen=True)
class Plot:
    """`name` is the file's, without .png. `caption` stands under the picture and is its text."""

    name: str
    title: str
    x_label: str
    y_label: str
    caption: str = ""
    y_range: tuple[float, float] | None = None
    log_x: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"plot name {self.name!r}, wanted small letters, digits and hyphens")
        if self.y_range is not None:
            object.__setattr__(self, "y_range", _numbers(self.y_range))


@dataclass(frozen=True)
class Lines(Plot):
    """Lines over x, each with its spread as a band.

    More than about 120 places are neither readable nor a small file: average them first.
    """

    series: tuple[Series, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "series", tuple(self.series))
        for one in self.series:
            _check_lengths(f"plot {self.name}, series {one.name}", len(one.y), x=one.x)


@dataclass(frozen=True)
class Bars(Plot):
    """Groups of bars, one of each series, with the spread as an error bar."""

    groups: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "groups", tuple(str(group) for group in self.groups))
        object.__setattr__(self, "series", tuple(self.series))
        for one in self.series:
            _check_lengths(f"plot {self.name}, series {one.name}", len(self.groups), y=one.y)


@dataclass(frozen=True)
class Scatter(Plot):
    """Named points with their spread in both directions."""

    points: tuple[Point, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "points", tuple(self.points))


KINDS: dict[str, type[Plot]] = {"lines": Lines, "bars": Bars, "scatter": Scatter}


def plot_as_dict(plot: Plot) -> dict[str, Any]:
    """The JSON form; a gap is null."""
    kind = next(name for name, kind in KINDS.items() if type(plot) is kind)
    return {"kind": kind, **_without_nan(asdict(plot))}


def plot_from_dict(document: dict[str, Any]) -> Plot:
    """The plot of a JSON form."""
    values = dict(document)
    kind = KINDS[values.pop("kind")]
    if "series" in values:
        values["series"] = [Series(**one) for one in values["series"]]
    if "points" in values:
        values["points"] = [Point(**one) for one in values["points"]]
    return kind(**values)


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
