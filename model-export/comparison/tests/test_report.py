"""The report writer: what lands in the files, and that they can be written again from the data."""

import json
import math
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from gatestream_comparison import figures, labels, plots, report
from gatestream_comparison.figures import Bars, Lines, Point, Scatter, Series, Table
from gatestream_comparison.report import Section
from gatestream_export.errors import CheckFailedError, UsageError

LARGEST = 80_000


def lines(name: str = "drift", series: int = 4, length: int = 60) -> Lines:
    x = np.arange(length) + 0.5
    y = [0.9 - 0.05 * k * np.log1p(x) for k in range(series)]
    return Lines(
        name,
        "Accuracy against time since reset",
        "minutes",
        "accuracy",
        "An hour in one pass.",
        y_range=(0, 1),
        series=[Series(f"method {k}", v, x, v - 0.02, v + 0.02) for k, v in enumerate(y)],
    )


def bars(name: str = "cells") -> Bars:
    y = np.array([0.7, 0.8, 0.85])
    series = [Series(c, y + k, low=y + k - 0.1, high=y + k + 0.2) for k, c in enumerate("abc")]
    return Bars(name, "Cells", "hidden", "accuracy", groups=("32", "64", "128"), series=series)


def scatter(name: str = "cost") -> Scatter:
    points = [
        Point("GRU 64", 20, 0.9, "GRU", 18, 25, 0.88, 0.93),
        Point("LSTM 64", 22, 0.9, "LSTM"),
        Point("RNN 64", 10, 0.7, "RNN", y_low=0.6, y_high=0.75),
    ]
    return Scatter(name, "Cost", "microseconds", "accuracy", log_x=True, points=points)


def sections() -> list[Section]:
    table = Table(("cell", "accuracy", "state | bytes"), (("GRU", 0.91234, 512), ("a|b\nc", 1, 7)))
    return [
        Section("Drift", "Some *text*.", (), (lines(),)),
        Section("Cells", "", (table,), (bars(), scatter())),
    ]


def test_the_report_has_every_part_in_order(tmp_path: Path) -> None:
    report.write(tmp_path / "report", "Comparison", sections())
    assert sorted(f.name for f in (tmp_path / "report").iterdir()) == [
        "cells.png",
        "cost.png",
        "drift.png",
        "figures.json",
        "report.md",
    ]
    assert (tmp_path / "report" / "report.md").read_text() == (
        "# Comparison\n\n## Drift\n\nSome *text*.\n\n![An hour in one pass.](drift.png)\n\n"
        "An hour in one pass.\n\n## Cells\n\n"
        "| cell | accuracy | state \\| bytes |\n| --- | ---: | ---: |\n"
        "| GRU | 0.9123 | 512 |\n| a\\|b c | 1 | 7 |\n\n![Cells](cells.png)\n\n![Cost](cost.png)\n"
    )


def test_pictures_are_small_readable_and_the_same_every_time(tmp_path: Path) -> None:
    for turn in ("one", "two"):
        report.write(tmp_path / turn, "Comparison", sections())
    for file in sorted((tmp_path / "one").glob("*.png")):
        data = file.read_bytes()
        assert data == (tmp_path / "two" / file.name).read_bytes()
        assert len(data) < LARGEST
        with Image.open(file) as picture:
            assert picture.width >= 1000
            assert not set(picture.info) & {"Software", "Creation Time", "date:create"}
            # Text, axes, lines and bands: not an empty sheet.
            pixels = np.asarray(picture.convert("RGB"))
            assert 0.01 < np.mean(np.any(pixels != 255, axis=2)) < 0.9


def test_a_picture_shows_its_data(tmp_path: Path) -> None:
    plot = lines()
    report.write(tmp_path / "one", "A", [Section("S", "", (), (plot,))])
    moved = [replace(one, y=np.array(one.y) * 0.9) for one in plot.series]
    report.write(tmp_path / "two", "A", [Section("S", "", (), (replace(plot, series=moved),))])
    one, two = (
        np.asarray(Image.open(tmp_path / t / "drift.png").convert("L")) for t in ("one", "two")
    )
    assert one.shape == two.shape
    assert np.mean(one != two) > 0.005


def test_the_users_matplotlib_settings_have_no_part(tmp_path: Path) -> None:
    plots.draw(scatter(), tmp_path / "one.png")
    with matplotlib.rc_context({"figure.facecolor": "red", "savefig.dpi": 30, "font.size": 30}):
        plots.draw(scatter(), tmp_path / "two.png")
        assert matplotlib.rcParams["font.size"] == 30
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_names_of_close_points_do_not_overlap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes = {}
    place = labels.place

    def look(plot: Scatter, axes: Axes, canvas: FigureCanvasAgg) -> None:
        for moment in ("before", "after"):
            if moment == "after":
                place(plot, axes, canvas)
            extents = [text.get_window_extent(canvas.get_renderer()) for text in axes.texts]
            boxes[moment] = sum(a.overlaps(b) for a, b in combinations(extents, 2))

    monkeypatch.setattr(labels, "place", look)
    points = [Point(f"method {k}", 1 + k / 50, 1 + k / 100) for k in range(4)]
    points.append(Point("far", 3, 2))
    plots.draw(Scatter("close", "t", "x", "y", points=points), tmp_path / "close.png")
    assert boxes["before"] > 0
    assert boxes["after"] == 0


def test_the_largest_plot_stays_small(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    noisy = [
        replace(one, y=one.y + rng.normal(0, 0.04, 120)) for one in lines("noisy", 7, 120).series
    ]
    plot = replace(lines("noisy"), series=noisy)
    report.write(tmp_path, "A", [Section("S", "", (), (plot,))])
    assert (tmp_path / "noisy.png").stat().st_size < LARGEST


def test_the_data_come_back_and_write_the_same_report(tmp_path: Path) -> None:
    report.write(tmp_path / "one", "Comparison", sections())
    title, read = report.read(tmp_path / "one")
    assert (title, list(read)) == ("Comparison", sections())
    report.write(tmp_path / "two", title, read)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


def test_gaps_are_drawn_and_come_back(tmp_path: Path) -> None:
    y = np.array([0.5, np.nan, 0.7])
    plot = Lines("gap", "t", "x", "y", series=[Series("a", y, [1, 2, 3], y - 0.1, y + 0.1)])
    columns = Bars("bars", "t", "x", "y", groups="abc", series=[Series("a", y)])
    report.write(tmp_path, "A", [Section("S", "", (), (plot, columns))])
    document = json.loads((tmp_path / "figures.json").read_text())
    assert document["sections"][0]["plots"][0]["series"][0]["y"] == [0.5, None, 0.7]
    _, read = report.read(tmp_path)
    assert math.isnan(read[0].plots[0].series[0].y[1])


def test_plots_of_an_older_report_go_away_and_other_files_stay(tmp_path: Path) -> None:
    report.write(tmp_path, "A", sections())
    (tmp_path / "photo.png").write_bytes(b"kept")
    report.write(tmp_path, "A", sections()[:1])
    names = {f.name for f in tmp_path.iterdir()}
    assert names == {"drift.png", "figures.json", "photo.png", "report.md"}


def test_a_section_can_stand_in_another_file() -> None:
    text = report.section_markdown(sections()[0], images="report/", level=3)
    assert text.startswith("### Drift\n\nSome *text*.")
    assert "](report/drift.png)" in text


def test_insert_replaces_what_is_between_the_markers(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("# A\n\n<!-- figures -->\nold\n<!-- /figures -->\n\nafter\n")
    for text in ("first", "| a |\n| --- |\n| 1 |\n"):
        report.insert(readme, "figures", text)
    wanted = "# A\n\n<!-- figures -->\n\n| a |\n| --- |\n| 1 |\n\n<!-- /figures -->\n\nafter\n"
    assert readme.read_text() == wanted


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no markers", "has <!-- figures --> 0 times"),
        ("<!-- figures -->\n", "has <!-- /figures --> 0 times"),
        ("<!-- figures -->" * 2 + "<!-- /figures -->", "2 times, wanted once"),
        ("<!-- /figures --> <!-- figures -->", "stands before"),
    ],
)
def test_insert_refuses_wrong_markers_and_leaves_the_file(
    tmp_path: Path, text: str, message: str
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(text)
    with pytest.raises(UsageError, match=message):
        report.insert(readme, "figures", "new")
    assert readme.read_text() == text


def test_insert_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"missing file: .*README\.md"):
        report.insert(tmp_path / "README.md", "figures", "new")


def test_read_refuses_what_is_not_a_report(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="missing file"):
        report.read(tmp_path)
    for broken in ("{", "[]", '{"title": "A", "sections": [{"title": "S"}]}'):
        (tmp_path / "figures.json").write_text(broken)
        with pytest.raises(CheckFailedError, match=r"figures\.json is not a report's"):
            report.read(tmp_path)


def test_data_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 values of cells, wanted 2"):
        Table(("a", "b"), (("only",),))
    with pytest.raises(ValueError, match="3 values of low, wanted 2"):
        Series("s", (1, 2), low=(1, 2, 3), high=(1, 2, 3))
    with pytest.raises(ValueError, match="low without high"):
        Series("s", (1, 2), low=(1, 2))
    with pytest.raises(ValueError, match="0 values of x, wanted 2"):
        Lines("p", "t", "x", "y", series=[Series("s", (1, 2))])
    with pytest.raises(ValueError, match="2 values of y, wanted 1"):
        Bars("p", "t", "x", "y", groups=("a",), series=[Series("s", (1, 2))])
    with pytest.raises(ValueError, match="one end of its spread in y"):
        Point("p", 1, 2, y_low=1)
    with pytest.raises(ValueError, match="plot name 'a/b'"):
        figures.Lines("a/b", "t", "x", "y")
    with pytest.raises(ValueError, match="two plots of the same name: drift"):
        report.write(tmp_path, "A", [Section("S", "", (), (lines(), lines()))])
