"""Exit codes and messages: no stack trace for a user's mistake."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gatestream_export.cli import main

SOURCE = Path(__file__).resolve().parents[1] / "src"


def test_verify_of_the_shipped_bundle_succeeds(bundle_folder, capsys):
    assert main(["verify", str(bundle_folder)]) == 0
    assert "object-motion 1.0.0 is sound" in capsys.readouterr().out


def test_a_checkout_has_no_version_of_its_own(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == "gatestream-export (of a checkout)\n"


def test_missing_bundle_is_exit_2(tmp_path, capsys):
    assert main(["verify", str(tmp_path / "none")]) == 2
    assert "no such bundle folder" in capsys.readouterr().err


def test_folder_without_model_json_is_exit_2(tmp_path, capsys):
    assert main(["verify", str(tmp_path)]) == 2
    assert "no model.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("model.json", "{", "is not JSON"),
        ("encoder.onnx", "nonsense", "SHA-256"),
        ("golden/golden.json", "[]", "is broken"),
    ],
)
def test_broken_bundle_is_exit_1(damaged, capsys, file, content, message):
    (damaged / file).write_text(content)
    assert main(["verify", str(damaged)]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("file", ["encoder.onnx", "NOTICE.md", "golden/frame-00.jpg"])
def test_missing_file_of_a_bundle_is_exit_1(damaged, capsys, file):
    (damaged / file).unlink()
    assert main(["verify", str(damaged)]) == 1
    assert "is missing" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["dance"], ["verify"], ["train-object-motion"]])
def test_wrong_usage_is_exit_2(arguments):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2


def test_training_without_photographs_says_how_to_get_them(tmp_path, capsys):
    arguments = ["--output", tmp_path / "b", "--photographs", tmp_path, "--work", tmp_path / "w"]
    assert main(["train-object-motion", *map(str, arguments)]) == 2
    message = capsys.readouterr().err
    assert "apt-get download" in message
    assert not (tmp_path / "b").exists()


def test_the_module_runs_as_a_program_without_a_trace(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "gatestream_export", "verify", str(tmp_path / "none")],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
