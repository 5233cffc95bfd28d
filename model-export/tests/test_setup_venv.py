"""The environment is made once, by one of two, and never left half made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOM = Path(__file__).resolve().parents[1]


@pytest.fixture
def start(tmp_path):
    """Starts a copy of setup-venv whose lock file holds the given text."""

    def run(lock: str, *arguments: str, **environment: str) -> subprocess.Popen:
        room = tmp_path / "room"
        room.mkdir(exist_ok=True)
        for name in ("setup-venv", "setup_venv.py"):
            shutil.copy(ROOM / name, room / name)
        (room / "requirements.lock").write_text(lock)
        return subprocess.Popen(
            [room / "setup-venv", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ
            | {"GATESTREAM_VENVS": str(tmp_path / "venvs"), "GATESTREAM_PYTHON": sys.executable}
            | environment,
        )

    return run


def test_two_at_once_make_one_environment_and_a_third_reuses_it(start, tmp_path):
    both = [start("# nothing\n") for _ in range(2)]
    results = [process.communicate(timeout=600) for process in both]
    third = start("# nothing\n")
    results.append(third.communicate(timeout=600))
    assert [p.returncode for p in [*both, third]] == [0, 0, 0]
    assert len({out for out, _ in results}) == 1
    target = Path(results[0][0].strip())
    assert target.parent == tmp_path / "venvs"
    assert (target / "bin" / "python").exists()
    assert sum("making" in err for _, err in results) == 1
    assert sum("pip downloads about" in err for _, err in results) == 1
    assert target.name.startswith(f"venv-{sys.version_info.major}.{sys.version_info.minor}-")


def test_another_lock_file_has_an_environment_of_its_own(start, tmp_path):
    other = tmp_path / "other.lock"
    other.write_text("# another\n")
    runs = [start("# nothing\n"), start("# nothing\n", str(other))]
    (standard, _), (another, err) = (process.communicate(timeout=600) for process in runs)
    assert [process.returncode for process in runs] == [0, 0]
    assert standard != another
    assert str(other) in err
    assert "pip downloads about" not in err


def test_failed_install_says_why_and_leaves_nothing(start, tmp_path):
    process = start("./no-such-file-1.0-py3-none-any.whl\n")
    out, err = process.communicate(timeout=600)
    assert process.returncode == 1
    assert out == ""
    assert "no-such-file" in err
    assert "Traceback" not in err
    assert not [f for f in (tmp_path / "venvs").iterdir() if f.is_dir()]


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_python_without_venv_says_what_to_install(start, tmp_path, module):
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / f"{module}.py").write_text(f"raise ModuleNotFoundError('No module named {module}')\n")
    process = start("# nothing\n", PYTHONPATH=str(hidden))
    out, err = process.communicate(timeout=600)
    assert process.returncode == 2
    assert out == ""
    assert f"python3.{sys.version_info.minor}-venv" in err
    assert "Traceback" not in err


def test_too_old_python_is_named(start, tmp_path):
    old = tmp_path / "an old python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.18"\nexit 1\n')
    old.chmod(0o755)
    process = start("# nothing\n", GATESTREAM_PYTHON=str(old))
    out, err = process.communicate(timeout=600)
    assert process.returncode == 2
    assert out == ""
    assert "needs Python 3.10 or newer" in err
    assert f"{old} is Python 3.9.18" in err


def test_lock_file_leaves_nothing_out():
    """The environment is installed without looking for dependencies: all must be listed."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
