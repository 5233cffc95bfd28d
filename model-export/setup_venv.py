"""Makes the virtual environment of a lock file, once a machine, and prints its folder.

It lies outside the repository and is named by Python's version and the lock file's hash, so that
checkouts share it. Two runs at once are safe: the second waits for a lock and finds it complete.
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

LOCK_FILE = Path(sys.argv[1]).resolve()
MARKER = "complete"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
SIZE = (
    "once, and it takes minutes: pip downloads about 3 GB, 6 GB on disk, mostly torch"
    if LOCK_FILE.parent == Path(__file__).resolve().parent
    else f"once, of {LOCK_FILE}"
)
MISSING = 2  # The exit code when something is missing on the machine; 1 is a failed installation.


def say(text: str) -> None:
    """Standard output is for the folder alone."""
    print(f"setup-venv: {text}", file=sys.stderr, flush=True)


def folder() -> Path:
    """Where the environment of this lock file and this Python belongs."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    base = Path(os.environ.get("GATESTREAM_VENVS") or Path(cache) / "gatestream")
    digest = hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()[:16]
    return base.absolute() / f"venv-{VERSION}-{digest}"


def is_complete(target: Path) -> bool:
    """Whether a finished environment is there and its interpreter still runs."""
    python = target / "bin" / "python"
    if not (target / MARKER).is_file() or not python.exists():
        return False
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


def build(target: Path) -> None:
    """Makes the environment from scratch; the marker comes last."""
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        say(
            f"{sys.executable} has no venv module; on Debian and Ubuntu install it with"
            f" `apt-get install python{VERSION}-venv`"
        )
        sys.exit(MISSING)
    if target.exists():
        shutil.rmtree(target)
    say(f"making {target}")
    say(SIZE)
    started = time.monotonic()
    venv.create(target, with_pip=True)
    log = target / "pip.log"
    command = [
        *(str(target / "bin" / "python"), "-m", "pip", "install"),
        *("--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--no-deps"),
        *("--requirement", str(LOCK_FILE)),
    ]
    with log.open("w") as output:
        pip = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        while pip.poll() is None:
            try:
                pip.wait(timeout=30)
            except subprocess.TimeoutExpired:
                seconds = time.monotonic() - started
                say(f"still installing after {seconds:.0f} s; pip's log is {log}")
    if pip.returncode != 0:
        print(log.read_text()[-4000:], file=sys.stderr)
        shutil.rmtree(target, ignore_errors=True)
        sys.exit(f"setup-venv: pip could not install {LOCK_FILE.name} (its message is above)")
    (target / MARKER).write_text(f"python {sys.version.split()[0]}\n")
    say(f"done in {time.monotonic() - started:.0f} s")


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
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("waiting for another setup-venv that installs the same environment")
                fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_complete(target):
                build(target)
    print(target)


if __name__ == "__main__":
    main()
