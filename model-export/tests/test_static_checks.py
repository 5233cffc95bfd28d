"""What holds of the source without running it: format, lint, types and the layers of packages."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[1]
SOURCES = (HOME / "src", HOME / "comparison")
PEERS = HOME.parent / "bench" / "peers"
TOOLS = Path(sys.executable).parent


def output_of(*command: str, path: tuple[Path, ...] = SOURCES) -> tuple[int, str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path)), "NO_COLOR": "1"}
    done = subprocess.run(
        command, cwd=HOME, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "--no-cache"),
        ("ruff", "format", "--check", "--no-cache"),
        ("ruff", "check", "--no-cache", "--config", "pyproject.toml", str(PEERS)),
        ("ruff", "format", "--check", "--no-cache", "--config", "pyproject.toml", str(PEERS)),
        ("mypy",),
        ("lint-imports", "--no-cache"),
    ],
    ids=lambda command: "-".join(
        [command[0]] + ["format"] * ("format" in command) + ["of-peers"] * (str(PEERS) in command)
    ),
)
def test_the_source_passes(command):
    code, output = output_of(str(TOOLS / command[0]), *command[1:])
    assert code == 0, output


def test_compare_is_a_command_only_where_the_comparison_is():
    module = (sys.executable, "-m", "gatestream_export", "--help")
    assert "    compare" in output_of(*module)[1]
    code, output = output_of(*module, path=SOURCES[:1])
    assert code == 0
    assert "    train-digits" in output
    assert "compare" not in output
