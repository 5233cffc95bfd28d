"""The run folder: settings come back as they were, differences have names, curves are drawn."""

import json
from dataclasses import replace

import cv2
import pytest

from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.picture.resize import ResizeRule
from gatestream_export.training import curves
from gatestream_export.training.recipe import Recipe
from gatestream_export.training.run import RunFolder
from gatestream_export.training.settings import Found, Settings, differences

SETTINGS = Settings(
    data="/somewhere/clips",
    annotations=None,
    resize=ResizeRule(64, 48, "letterbox", "linear", (1, 2, 3), (0.0, 0.1, 0.5, 0.9)),
    recipe=Recipe(patience=4),
    elapsed=True,
    digests={"weights": "aa"},
)
FOUND = Found(("a", "b"), None, Recipe(steps=7), 0, {"a/1.mp4": 20}, {}, "00", ("x: broken",))


def test_settings_come_back_from_json_as_they_were():
    assert Settings.from_dict(json.loads(json.dumps(SETTINGS.as_dict()))) == SETTINGS


def test_differences_are_named_by_their_options():
    now = replace(
        SETTINGS,
        resize=replace(SETTINGS.resize, width=32, mode="stretch", reduced_scale_jpeg=True),
        recipe=replace(SETTINGS.recipe, burn_in=9, patience=None, warm_up=7),
        frozen=True,
        jpeg_quality=None,
        digests={"weights": "bb"},
    )
    assert differences(SETTINGS, SETTINGS) == []
    assert sorted(line.split(":")[0] for line in differences(SETTINGS, now)) == sorted(
        [
            "--size (width)",
            "--resize",
            "--reduced-scale-jpeg",
            "--burn-in",
            "--patience",
            "--freeze",
            "--jpeg",
            "the content of --weights is not what it was",
        ]
    )
    assert "--patience: 4 then, not given now" in differences(SETTINGS, now)


def test_a_folder_is_made_gone_on_with_refused_and_restarted(tmp_path):
    path = tmp_path / "deep" / "run"
    folder = RunFolder.start(path, SETTINGS)
    folder.remember(FOUND)
    (path / "notes.txt").write_text("mine")
    assert (path / "left-out.txt").read_text() == "x: broken\n"
    again = RunFolder.start(path, SETTINGS)
    assert (again.settings(), again.found()) == (SETTINGS, FOUND)
    again.remember(FOUND)
    with pytest.raises(UsageError, match="20 frames, 2 labels then, 1 clips of 21 frames"):
        again.remember(replace(FOUND, digest="01", training={"a/1.mp4": 21}))
    other = replace(SETTINGS, cell="lstm")
    with pytest.raises(UsageError, match="--cell: gru then, lstm now"):
        RunFolder.start(path, other)
    assert RunFolder.start(path, other, restart=True).settings() == other
    assert sorted(p.name for p in path.iterdir()) == ["notes.txt", "settings.json"]


def test_a_run_under_way_is_not_restarted(tmp_path):
    folder = RunFolder.start(tmp_path / "run", SETTINGS)
    folder.file("checkpoint.pt").write_bytes(b"hours of work")
    with folder.locked():
        with pytest.raises(UsageError, match="another `train` is running"):
            RunFolder.start(folder.path, SETTINGS, restart=True)
        assert folder.file("checkpoint.pt").is_file()
    RunFolder.start(folder.path, SETTINGS, restart=True)
    assert not folder.file("checkpoint.pt").exists()


def test_damaged_files_of_a_run_are_named(tmp_path):
    folder = RunFolder.start(tmp_path / "run", SETTINGS)
    with pytest.raises(UsageError, match="no weights yet"):
        folder.best()
    folder.file("checkpoint.pt").write_bytes(b"cut")
    with pytest.raises(UsageError, match=r"checkpoint\.pt cannot be read"):
        folder.checkpoint()
    folder.file("settings.json").write_text('{"cell": "gru"}')
    with pytest.raises(CheckFailedError, match=r"settings\.json"):
        RunFolder.start(folder.path, SETTINGS)
    folder.file("settings.json").write_text("{")
    with pytest.raises(CheckFailedError, match="is broken"):
        folder.settings()


@pytest.mark.parametrize("validated", [True, False])
def test_curves_are_drawn_from_the_metrics_and_survive_a_line_cut_off(tmp_path, validated):
    metrics, picture = tmp_path / "metrics.jsonl", tmp_path / "curves.png"
    scores = {"accuracy": 0.4, "byClass": {"a": 0.3, "b": 0.5}} if validated else {}
    entries = [{"step": s, "loss": 1 / s, **scores} for s in (1, 2, 3)]
    entries.append({"step": 4, "loss": None, **scores})
    text = "\n".join(map(json.dumps, entries))
    metrics.write_text(text + '\n{"step": 5, "lo')
    assert curves.read(metrics) == entries
    curves.draw(metrics, picture, "a run")
    pixels = cv2.imread(str(picture))
    assert pixels.shape[0] > 500
    assert len({tuple(p) for p in pixels[::5, ::5].reshape(-1, 3)}) > 2


def test_curves_of_a_run_without_a_validation_yet(tmp_path):
    (tmp_path / "metrics.jsonl").write_text("")
    curves.draw(tmp_path / "metrics.jsonl", tmp_path / "curves.png", "a run")
    assert (tmp_path / "curves.png").stat().st_size > 1000
