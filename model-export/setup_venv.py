"""Makes the virtual environment of requirements.lock, once a machine, and prints its folder.

It lies outside the repository and is named by the lock file's hash, so that checkouts share it.
Two runs at once are safe: the second waits for a lock and finds the environment complete.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

LOCK_FILE = Path(__file__).resolve().parent / "requirements.lock"
MARKER = "complete"


def folder() -> Path:
    """Where the environment of this lock file belongs."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    base = Path(os.environ.get("GATESTREAM_VENVS") or Path(cache) / "gatestream")
    digest = hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()[:16]
    return base.absolute() / f"venv-{digest}"


def is_complete(target: Path) -> bool:
    """Whether a finished environment is there and its interpreter still runs."""
    python = target / "bin" / "python"
    if not (target / MARKER).is_file() or not python.exists():
        return False
    return subprocess.run([python, "-c", ""], capture_output=True).returncode == 0


def build(target: Path) -> None:
    """Makes the environment from scratch; the marker comes last."""
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(
            "setup-venv: this Python has no venv module; on Debian and Ubuntu install it with"
            f" `apt-get install python{version}-venv`"
        )
    if target.exists():
        shutil.rmtree(target)
    print(f"setup-venv: making {target} (once, about 6 GB with torch)", file=sys.stderr)
    started = time.monotonic()
    venv.create(target, with_pip=True)
    command = [
        str(target / "bin" / "python"),
        *("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
        *("--requirement", str(LOCK_FILE)),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stdout[-2000:] + done.stderr[-4000:], file=sys.stderr)
        shutil.rmtree(target, ignore_errors=True)
        sys.exit("setup-venv: pip could not install requirements.lock (its message is above)")
    (target / MARKER).write_text(f"python {sys.version.split()[0]}\n")
    print(f"setup-venv: done in {time.monotonic() - started:.0f} s", file=sys.stderr)


def main() -> None:
    """Prints the folder of a complete environment."""
    target = folder()
    if not is_complete(target):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            lock = (target.parent / f"{target.name}.lock").open("w")
        except OSError as refused:
            sys.exit(f"setup-venv: cannot write in {target.parent}: {refused.strerror}")
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_complete(target):
                build(target)
    print(target)


if __name__ == "__main__":
    main()
