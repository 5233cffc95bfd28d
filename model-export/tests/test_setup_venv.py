"""The environment is made once, by one of two, and never left half made."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOM = Path(__file__).resolve().parents[1]


@pytest.fixture
def start(tmp_path):
    """Starts a copy of setup-venv whose lock file holds the given text."""

    def run(lock: str) -> subprocess.Popen:
        room = tmp_path / "room"
        room.mkdir(exist_ok=True)
        for name in ("setup-venv", "setup_venv.py"):
            shutil.copy(ROOM / name, room / name)
        (room / "requirements.lock").write_text(lock)
        return subprocess.Popen(
            [room / "setup-venv"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"GATESTREAM_VENVS": str(tmp_path / "venvs")},
        )

    return run


def test_two_at_once_make_one_environment_and_a_third_reuses_it(start, tmp_path):
    both = [start("# nothing\n") for _ in range(2)]
    results = [process.communicate(timeout=120) for process in both]
    third = start("# nothing\n")
    results.append(third.communicate(timeout=60))
    assert [p.returncode for p in [*both, third]] == [0, 0, 0]
    assert len({out for out, _ in results}) == 1
    target = Path(results[0][0].strip())
    assert target.parent == tmp_path / "venvs"
    assert (target / "bin" / "python").exists()
    assert sum("making" in err for _, err in results) == 1


def test_failed_install_says_why_and_leaves_nothing(start, tmp_path):
    process = start("./no-such-file-1.0-py3-none-any.whl\n")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert out == ""
    assert "no-such-file" in err
    assert "Traceback" not in err
    assert not [f for f in (tmp_path / "venvs").iterdir() if f.is_dir()]
