"""`compare` end to end with tiny budgets, and that a second run goes on from what is kept."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gatestream_comparison import fits, results, settings
from gatestream_comparison.experiments import cells
from gatestream_comparison.fits import Fit
from gatestream_comparison.settings import Context, shape
from gatestream_export import cli
from gatestream_export.images import systems


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture
def context(work: Path, tmp_path: Path, bundle_folder: Path) -> Context:
    source = settings.source(bundle_folder / "encoder.onnx", tmp_path, work, 1, smoke=True)
    return Context(source, settings.SMOKE, tmp_path / "out", 1)


def test_the_experiments_end_in_a_report(work: Path, tmp_path: Path, monkeypatch) -> None:
    # One image system stands for all: their tests train the others.
    monkeypatch.setattr(systems, "SYSTEMS", {"digit-rows": systems.SYSTEMS["digit-rows"]})
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- comparison -->\nold\n<!-- /comparison -->\nafter\n")
    output = tmp_path / "out"
    arguments = ["compare", "--smoke", "--processes", "1", "--work", str(work)]
    arguments += ["--output", str(output), "--readme", str(readme)]
    for name in ("images", "cells", "drift", "irregular", "craft", "encoders"):
        arguments += ["--only", name]
    assert cli.main(arguments) == 0
    report = (output / "report" / "report.md").read_text()
    for system in range(1, 9):
        assert f"| {system} |" in report
    assert "| 4 | the cell from its equations | random | not in this run |" in report
    for title in (
        "Images as",
        "side by side",
        "An hour in one pass",
        "Irregular",
        "craft",
        "Frozen encoders",
    ):
        assert title in report
    assert "Warning: 3 test photographs" in report
    assert (output / "report" / "drift.png").stat().st_size > 5000
    text = readme.read_text()
    assert text.startswith("before")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "## Overview" in text

    trained = {f.name: f.stat().st_mtime_ns for f in (output / "fits").glob("*.pt")}
    (output / "irregular.json").unlink()
    assert cli.main(arguments) == 0
    assert trained == {f.name: f.stat().st_mtime_ns for f in (output / "fits").glob("*.pt")}
    assert (output / "irregular.json").is_file()


def test_a_fit_is_trained_once_and_scored_for_what_is_missing(context: Context) -> None:
    context.kept.mkdir(parents=True)
    fit = Fit("motion", shape("gru", 4), context.settings.carried(1), ("test",))
    first = fits.perform(context.source, fit, context.kept)
    weights = context.kept / f"{first.key}.pt"
    written = weights.stat().st_mtime_ns
    second = fits.perform(context.source, replace(fit, scores=("test", "zero")), context.kept)
    assert weights.stat().st_mtime_ns == written
    assert set(second.scores) == {"test", "zero"}
    assert second.scores["test"] == first.scores["test"]
    assert second.validation == first.validation


def test_a_fit_of_other_settings_has_another_name(context: Context) -> None:
    s, source = context.settings, context.source
    fit = Fit("motion", shape("gru", 4), s.carried(1))
    others = [
        replace(fit, kind="irregular"),
        replace(fit, shape=shape("gru", 8)),
        replace(fit, shape=shape("lstm", 4)),
        replace(fit, recipe=s.carried(2)),
        replace(fit, recipe=s.carried(1, drop=0.0)),
        replace(fit, held_out=("coffee",)),
    ]
    assert len({f.key(source) for f in [fit, *others]}) == 7
    assert replace(fit, scores=("zero",)).key(source) == fit.key(source)


def test_both_methods_see_as_many_frames() -> None:
    s = settings.Settings()
    for recipe in (s.carried(1), s.windows(1, 128, 1), s.windows(1, 128, 64), s.windows(1, 16, 8)):
        assert recipe.steps * recipe.lanes * recipe.window == s.frames()


def test_folds_part_the_photographs() -> None:
    names = [f"photograph {i}" for i in range(14)] * 3
    found = cells.folds(names, 3)
    assert sorted(sum(found, ())) == sorted(set(names))
    assert {len(f) for f in found} == {4, 5}
    assert cells.folds(names[::-1], 3) == found


def test_results_of_other_settings_are_not_taken(context: Context) -> None:
    context.output.mkdir(parents=True)
    found = {"identity": results.identity(context), "seconds": 1.0, "result": {}}
    (context.output / "cells.json").write_text(json.dumps(found))
    assert results.kept(context, "cells") == found
    more = replace(context.settings, steps=5)
    other = Context(context.source, more, context.output, 1)
    assert results.kept(other, "cells") is None
    assert results.kept(context, "drift") is None


@pytest.mark.parametrize("missing", ["--bundle", "--cifar10", "--readme"])
def test_a_missing_input_is_named(missing: str, tmp_path: Path, capsys) -> None:
    nowhere = tmp_path / "nowhere"
    arguments = ["compare", "--smoke", "--output", str(tmp_path / "out"), missing, str(nowhere)]
    assert cli.main(arguments) == 2
    assert str(nowhere) in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
