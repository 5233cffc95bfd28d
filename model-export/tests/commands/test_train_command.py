"""From folders of clips to a bundle, by the commands alone; stopping, going on, and bad input."""

import json

import numpy as np
import pytest
import torch

from gatestream_export.bundle.runtime import Bundle
from gatestream_export.cli import main
from gatestream_export.nets import encoders
from gatestream_export.picture.video import write_mp4
from gatestream_export.training import session
from gatestream_export.training.run import RunFolder

SIDE, FRAMES = 32, 20
CLASSES = ("bright", "dark", "falling")


def pictures(kind, seed, frames=FRAMES):
    """A grey level that stays high or low, or that falls from frame to frame; uint8 RGB."""
    rng = np.random.default_rng(seed)
    texture = rng.normal(0, 6, (SIDE, SIDE, 3))
    start = rng.uniform(-15, 15)
    for t in range(frames):
        level = {"bright": 190, "dark": 50, "falling": 215 - 180 * (t % 10) / 9}[kind]
        yield np.clip(level + start + texture, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "clips"
    for c, kind in enumerate(CLASSES):
        (folder / kind).mkdir(parents=True)
        for k in range(4):
            write_mp4(folder / kind / f"{k}.mp4", pictures(kind, 10 * c + k), 18)
    return folder


def command(clips, output, *more, steps=40):
    """A short run on one thread; decoded frames are shared by the tests."""
    options = {
        "--data": clips,
        "--output": output,
        "--cache": clips.parent / "cache",
        "--size": "32x32",
        "--hidden": 16,
        "--steps": steps,
        "--lanes": 6,
        "--window": 10,
        "--rate": 0.004,
        "--every": 10,
        "--validation": 0.25,
        "--threads": 1,
    }
    options |= dict(zip(more[::2], more[1::2], strict=True))
    if "--annotations" in options:
        del options["--data"]
    flat = [str(part) for pair in options.items() for part in pair if part is not True]
    return ["train", *flat]


def lines(folder):
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def trained(clips, tmp_path_factory):
    output = tmp_path_factory.mktemp("runs") / "whole"
    assert main(command(clips, output)) == 0
    return output


def test_a_run_leaves_settings_metrics_curves_and_weights(trained):
    names = {path.name for path in trained.iterdir()}
    wanted = "settings.json data.json metrics.jsonl curves.png checkpoint.pt best.pt"
    assert names == set(wanted.split())
    found = lines(trained)
    assert [entry["step"] for entry in found] == [10, 20, 30, 40]
    assert set(found[-1]["byClass"]) == set(CLASSES)
    assert found[-1]["loss"] < found[0]["loss"]
    assert (trained / "curves.png").read_bytes()[:4] == b"\x89PNG"
    data = json.loads((trained / "data.json").read_text())
    assert data["labels"] == list(CLASSES)
    assert (len(data["training"]), len(data["validation"])) == (9, 3)


@pytest.fixture(scope="module")
def bundle(trained):
    target = trained.parent / "levels"
    assert main(["export", str(trained), "--output", str(target), "--licence", "CC0-1.0"]) == 0
    return target


def test_the_exported_bundle_is_sound_and_knows_its_training_clips(bundle, clips, capsys):
    assert main(["verify", str(bundle)]) == 0
    assert "levels 1.0.0 is sound" in capsys.readouterr().out
    model = Bundle(bundle)
    document = model.contract.document
    assert document["labels"] == list(CLASSES)
    assert document["background"] is None
    assert document["input"]["frameIntervalMillis"] == 100
    assert document["training"]["metrics"]["validation"]["accuracy"] > 0.5
    assert document["training"]["metrics"]["parity"]["steps"] >= 1000
    assert str(clips.parent) not in json.dumps(document)
    notice = (bundle / "NOTICE.md").read_text()
    assert "CC0-1.0" in notice
    assert "clips in class folders (clips)" in notice
    golden = json.loads((bundle / "golden" / "golden.json").read_text())["frames"]
    assert {(f["width"], f["height"]) for f in golden} == {(SIDE, SIDE)}
    right = []
    for c, kind in enumerate(CLASSES):
        states = model.initial_states()
        for picture in pictures(kind, 10 * c):
            logits, states = model.step(model.encode(picture[None]), states)
            right.append(int(logits.argmax()) == c)
    assert np.mean(right[3:]) > 0.6, np.mean(right)


def test_reduced_scale_of_training_is_that_of_the_bundle_unless_export_says_otherwise(
    clips, tmp_path
):
    run = tmp_path / "run"
    assert main(command(clips, run, "--size", "16x16", "--reduced-scale-jpeg", True, steps=2)) == 0
    assert RunFolder.existing(run).settings().resize.reduced_scale_jpeg
    for more, expected in (
        ([], True),
        (["--no-reduced-scale-jpeg"], False),
    ):
        target = tmp_path / f"bundle-{expected}"
        assert main(["export", str(run), "--output", str(target), *more]) == 0
        document = Bundle(target).contract.document
        assert document["input"]["resize"]["reducedScaleJpeg"] is expected
        assert "--reduced-scale-jpeg" in document["training"]["command"].split()


class Stopped(KeyboardInterrupt):
    """Ctrl-C at a chosen moment."""


def stop_at(monkeypatch, step):
    record = RunFolder._record

    def recorded(self, entry):
        record(self, entry)
        if entry["step"] == step:
            raise Stopped

    monkeypatch.setattr(RunFolder, "_record", recorded)


def test_a_stopped_run_goes_on_to_the_same_weights(trained, clips, tmp_path, monkeypatch, capsys):
    output = tmp_path / "stopped"
    with monkeypatch.context() as patched:
        stop_at(patched, 20)
        assert main(command(clips, output)) == 130
    assert "the same command goes on" in capsys.readouterr().err
    weights, step, score, ended = RunFolder.existing(output).best()
    assert (step, ended) in ((10, False), (20, False))
    assert set(weights) == {"encoder", "recurrent"}
    assert score == max(entry["accuracy"] for entry in lines(output))
    assert (output / "curves.png").exists()
    assert main(command(clips, output)) == 0
    assert "going on from step 20 of 40" in capsys.readouterr().err
    one, two = (torch.load(f / "best.pt", weights_only=True) for f in (trained, output))
    for part, weights in one["weights"].items():
        for name, value in weights.items():
            assert torch.equal(value, two["weights"][part][name]), (part, name)
    plain = [{k: v for k, v in entry.items() if k != "seconds"} for entry in lines(trained)]
    assert plain == [{k: v for k, v in entry.items() if k != "seconds"} for entry in lines(output)]


def test_other_settings_are_refused_by_name_and_restart_takes_them(clips, tmp_path, capsys):
    output = tmp_path / "run"
    assert main(command(clips, output, "--cell", "none", steps=2)) == 0
    changed = command(clips, output, "--cell", "rnn", "--rate", 0.01, steps=2)
    assert main(changed) == 2
    error = capsys.readouterr().err
    assert "--cell: none then, rnn now" in error
    assert "--rate: 0.004 then, 0.01 now" in error
    assert "--hidden" not in error
    assert main(command(clips, output, "--cell", "none", steps=20)) == 2
    assert "--warm-up" not in capsys.readouterr().err  # follows from the steps, has no option
    with RunFolder.existing(output).locked():
        assert main(command(clips, output, "--cell", "none", steps=2)) == 2
    assert "another `train` is running" in capsys.readouterr().err
    assert main([*changed, "--restart"]) == 0
    assert json.loads((output / "settings.json").read_text())["cell"] == "rnn"


def test_a_folder_of_something_else_is_never_taken(clips, tmp_path, capsys):
    (tmp_path / "letters.txt").write_text("mine")
    assert main([*command(clips, tmp_path), "--restart"]) == 2
    assert "is no run folder" in capsys.readouterr().err
    assert main(["export", str(tmp_path), "--output", str(tmp_path / "b")]) == 2
    assert "no run folder" in capsys.readouterr().err


def copy_of(clips, target):
    for file in clips.rglob("*.mp4"):
        (target / file.parent.name).mkdir(parents=True, exist_ok=True)
        (target / file.parent.name / file.name).write_bytes(file.read_bytes())
    return target


def test_a_clip_that_does_not_decode_is_left_out_and_named(clips, tmp_path, capsys):
    folder = copy_of(clips, tmp_path / "clips")
    (folder / "dark" / "broken.mp4").write_bytes(b"no film")
    output = tmp_path / "run"
    assert main(command(folder, output, steps=2)) == 0
    said = capsys.readouterr()
    assert "broken.mp4" in said.err
    assert "left out: 1" in said.out
    assert "broken.mp4" in (output / "left-out.txt").read_text()


@pytest.mark.parametrize("file", [None, "film.mp4"])
def test_an_empty_class_is_named_and_stands_not_in_the_way(clips, tmp_path, capsys, file):
    folder = copy_of(clips, tmp_path / "clips")
    (folder / "nothing").mkdir()
    if file is not None:
        (folder / "nothing" / file).write_bytes(b"no film")
    run = tmp_path / "run"
    assert main(command(folder, run, steps=2)) == (2 if file is None else 1)
    assert "nothing" in capsys.readouterr().err
    assert not run.exists()
    # Nor does what a killed process leaves before it has read its data.
    run.mkdir()
    (run / "settings.json").write_text("{}")
    assert main(command(clips, run, "--hidden", 8, steps=2)) == 0


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--steps", "many", "'many', wanted a whole number"),
        ("--rate", "nan", "'nan', wanted a number"),
        ("--weight-decay", "nan", "'nan', wanted a number"),
        ("--weight-decay", "-1", "'-1', wanted 0 or more"),
        ("--burn-in", "-1", "'-1', wanted 0 or more"),
        ("--dropout", "1", "'1', wanted from 0 to below 1"),
    ],
)
def test_bad_numbers_are_named_in_two_lines(clips, tmp_path, capsys, option, value, said):
    with pytest.raises(SystemExit) as ended:
        main(["train", "--data", str(clips), "--output", str(tmp_path / "r"), option, value])
    assert ended.value.code == 2
    error = capsys.readouterr().err.splitlines()
    assert error[0].endswith(f"argument {option}: {said}")
    assert error[1:] == ["see gatestream-export train --help"]


def test_an_output_that_cannot_be_written_is_wrong_usage(clips, tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    assert main(command(clips, tmp_path / "file" / "run", steps=2)) == 2
    assert "cannot be written: Not a directory" in capsys.readouterr().err


def test_a_full_disk_is_no_stack_trace(clips, tmp_path, capsys, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device", "frames.npy")

    monkeypatch.setattr("gatestream_export.training.dataset.read", full)
    assert main(command(clips, tmp_path / "run", steps=2)) == 1
    assert "No space left on device: 'frames.npy'" in capsys.readouterr().err


def test_data_that_changed_since_is_refused(clips, tmp_path, capsys):
    folder = copy_of(clips, tmp_path / "clips")
    output = tmp_path / "run"
    assert main(command(folder, output, steps=2)) == 0
    (folder / "dark" / "0.mp4").unlink()
    assert main(command(folder, output, steps=2)) == 2
    assert "the data changed" in capsys.readouterr().err


def test_a_loss_that_is_no_number_says_what_to_try(clips, tmp_path, capsys):
    assert main(command(clips, tmp_path / "run", "--rate", 1e9)) == 1
    error = capsys.readouterr().err
    assert "the loss is" in error
    assert "a lower rate" in error
    assert ".mp4" in error


def test_frozen_random_weights_are_refused(clips, tmp_path, capsys):
    assert main([*command(clips, tmp_path / "run"), "--freeze"]) == 2
    assert "would stay so" in capsys.readouterr().err


def test_a_region_outside_the_frame_is_wrong_usage(clips, tmp_path, capsys):
    assert main([*command(clips, tmp_path / "run"), "--region", "0.5,0,0.6,1"]) == 2
    assert "not inside the frame" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_a_pretrained_encoder_is_fine_tuned_at_its_own_size(clips, tmp_path):
    """One step, without validation: the published weights change, slower than the cell's would."""
    more = ("--encoder", "efficientnet-lite0", "--size", "224x224", "--validation", 0)
    more += ("--lanes", 2, "--window", 2, "--burn-in", 0)
    output = tmp_path / "run"
    assert main([*command(clips, output, *more, steps=1), "--fine-tune"]) == 0
    assert not (output / "encoder.pt").exists()
    assert "accuracy" not in lines(output)[0]
    recipe = json.loads((output / "data.json").read_text())["recipe"]
    assert recipe["encoder_rate"] is None
    tuned = RunFolder.existing(output).best()[0]["encoder"]
    published = encoders.build("efficientnet-lite0").module.state_dict()
    assert any(not torch.equal(value, published[name]) for name, value in tuned.items())
    statistics = [name for name in tuned if "running_mean" in name]
    assert statistics
    assert all(torch.equal(tuned[name], published[name]) for name in statistics)


def test_weights_of_a_file_are_frozen_and_kept_with_the_run(trained, clips, tmp_path, capsys):
    file, output = tmp_path / "encoder.pt", tmp_path / "run"
    weights = RunFolder.existing(trained).best()[0]["encoder"]
    torch.save(weights, file)
    arguments = command(clips, output, "--weights", file, steps=10)
    assert main(arguments) == 0
    assert set(RunFolder.existing(output).best()[0]) == {"recurrent"}
    kept = torch.load(output / "encoder.pt", weights_only=True)
    module = session.architecture(RunFolder.existing(output).settings()).module
    module.load_state_dict(kept)
    assert all(torch.equal(value, kept[name]) for name, value in weights.items())
    torch.save({name: value + 1 for name, value in weights.items()}, file)
    assert main(arguments) == 2
    assert "the content of --weights" in capsys.readouterr().err


def annotated(folder, clips):
    rows = ["video,start,end,label"]
    for kind in ("bright", "dark"):
        for k in range(3):
            name = f"clips/{kind}/{k}.mp4"
            rows.append(f"{name},0.5,1.5,{kind}")
    file = folder / "actions.csv"
    file.write_text("\n".join(rows) + "\n")
    return file


def test_a_frozen_encoder_elapsed_side_features_and_background(bundle, clips, tmp_path):
    """The encoder of a bundle, frozen, under an LSTM that also takes times and a side signal."""
    folder = clips.parent
    side = folder / "side.csv"
    rows = ["video,time,v1,v2"]
    for kind in ("bright", "dark"):
        for k in range(3):
            rows += [f"clips/{kind}/{k}.mp4,0,0,1", f"clips/{kind}/{k}.mp4,0.5,1,0"]
    side.write_text("\n".join(rows) + "\n")
    output, second = tmp_path / "run", tmp_path / "second"
    more = ("--annotations", annotated(folder, clips), "--auxiliary", side)
    more += ("--encoder", bundle, "--cell", "lstm", "--validation", 0.34)
    assert main([*command(clips, output, *more, steps=20), "--elapsed"]) == 0
    assert (output / "encoder.onnx").read_bytes() == (bundle / "encoder.onnx").read_bytes()
    assert main(["export", str(output), "--output", str(second)]) == 0
    document = Bundle(second).contract.document
    assert document["background"] == "background"
    assert document["labels"] == ["background", "bright", "dark"]
    assert document["step"]["elapsed"] == "elapsed"
    assert document["step"]["auxiliary"] == {"name": "auxiliary", "size": 2}
    assert [s["input"] for s in document["step"]["states"]] == ["hidden", "cell"]
    golden = json.loads((second / "golden" / "golden.json").read_text())["frames"]
    assert golden[0]["elapsed"] == 0
    assert golden[1]["elapsed"] == pytest.approx(0.1, abs=1e-3)
    assert golden[0]["auxiliary"] == [0, 1]
    assert golden[9]["auxiliary"] == [1, 0]


def test_windows_train_too(clips, tmp_path):
    more = ("--method", "windows", "--window", 12, "--cell", "rnn", "--epochs", 1)
    arguments = command(clips, tmp_path / "run", *more)
    at = arguments.index("--steps")
    assert main(arguments[:at] + arguments[at + 2 :]) == 0
    data = json.loads((tmp_path / "run" / "data.json").read_text())
    frames = sum(data["training"].values())
    assert lines(tmp_path / "run")[-1]["step"] == data["recipe"]["steps"] == -(-frames // 72)
