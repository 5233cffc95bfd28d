"""The tool as others get it: a wheel in an environment of its own, away from the source."""

import subprocess
from pathlib import Path

CHECK = Path(__file__).resolve().parents[2] / ".ci" / "check-wheel"


def test_the_wheel_installs_and_runs_away_from_its_source():
    done = subprocess.run([CHECK], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("installs and runs\n")
