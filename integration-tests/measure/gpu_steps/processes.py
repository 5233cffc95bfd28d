"""Processes with a time limit, and the memory that they and the GPU use meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gpu_steps import cuda
from gpu_steps.problems import StepFailedError

CLOSING_SECONDS = 15
"""For a process that was asked to end."""


class Machine:
    """Starts Gatestream's commands; every process that still runs is ended by `close`."""

    def __init__(self, launcher: Path, environment: dict[str, str], logs: Path) -> None:
        self.launcher, self.environment, self.logs = launcher, environment, logs
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, name: str, *arguments: str | Path, more: dict[str, str] | None = None) -> Command:
        """Starts a command; its output goes to NAME.out and NAME.err among the logs."""
        out, err = self.logs / f"{name}.out", self.logs / f"{name}.err"
        with out.open("wb") as output, err.open("wb") as errors:
            process = subprocess.Popen(
                [str(self.launcher), *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env={**os.environ, **self.environment, **(more or {})},
                start_new_session=True,
            )
        self._running.append(process)
        return Command(name, process, out, err)

    def run(
        self,
        name: str,
        seconds: float,
        *arguments: str | Path,
        codes: tuple[int, ...] = (0,),
        more: dict[str, str] | None = None,
    ) -> Command:
        """Runs a command to its end.

        Raises:
            StepFailedError: it took longer, or ended with another code.
        """
        command = self.start(name, *arguments, more=more)
        command.wait(seconds)
        if command.process.returncode not in codes:
            raise StepFailedError(f"{name} ended with {command.process.returncode}: {command.tail()}")
        return command

    def close(self) -> None:
        while self._running:
            process = self._running.pop()
            if process.poll() is None:  # of one that has ended the number may be another's by now
                end(process)


class Command:
    """A process of its own group, and where it writes."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], out: Path, err: Path) -> None:
        self.name, self.process, self.out, self.err = name, process, out, err

    def wait(self, seconds: float) -> None:
        """Waits for its end; ends it, and raises StepFailedError, where that takes longer."""
        try:
            self.process.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            end(self.process, signal.SIGINT)
            raise StepFailedError(f"{self.name} took longer than {seconds:.0f} s: {self.tail()}") from None
        _end_group(self.process)

    def await_line(self, text: str, seconds: float) -> str:
        """The first line of its output or its log that has the text."""
        limit = time.monotonic() + seconds
        while True:
            for line in [*_lines(self.out), *_lines(self.err)]:
                if text in line:
                    return line
            if self.process.poll() is not None:
                raise StepFailedError(
                    f"{self.name} ended with {self.process.returncode} before it said '{text}': {self.tail()}"
                )
            if time.monotonic() > limit:
                raise StepFailedError(
                    f"{self.name} did not say '{text}' within {seconds:.0f} s: {self.tail()}"
                )
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL, as a machine that fails does it."""
        self.process.kill()
        self.process.wait()
        _end_group(self.process)

    def terminate(self, seconds: float) -> None:
        """SIGTERM, after which it must close cleanly."""
        self.process.terminate()
        self.wait(seconds)
        if self.process.returncode != 0:
            raise StepFailedError(
                f"{self.name} ended with {self.process.returncode} after SIGTERM: {self.tail()}"
            )

    def tail(self) -> str:
        said = _lines(self.err)[-8:] or _lines(self.out)[-8:]
        return " | ".join(line.strip() for line in said) or "it said nothing"


def _lines(file: Path) -> list[str]:
    return file.read_text(errors="replace").splitlines()


def end(process: subprocess.Popen[bytes], first: int = signal.SIGTERM) -> None:
    """Asks a process to end, and then makes it, with what it started."""
    if process.poll() is None:
        process.send_signal(first)
        with suppress(subprocess.TimeoutExpired):
            process.wait(CLOSING_SECONDS)
    process.kill()
    process.wait()
    _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Ends what an ended process has left behind; at once, while its number is nobody else's."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


class Peak:
    """The largest memory seen so far."""

    def __init__(self) -> None:
        self.host_bytes = 0
        self.device_mib: int | None = None


@contextmanager
def watched_memory(on_gpu: bool) -> Iterator[Peak]:
    """Samples resident memory of all processes below this one, and of the GPU what nvidia-smi calls used."""
    peak, stop = Peak(), threading.Event()

    def sample() -> None:
        while not stop.wait(0.5):
            peak.host_bytes = max(peak.host_bytes, _resident_below(os.getpid()))
            used = cuda.ask("memory.used").get("memory.used", "") if on_gpu else ""
            if used.isdigit():
                peak.device_mib = max(peak.device_mib or 0, int(used))

    thread = threading.Thread(target=sample, name="memory", daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()


def _resident_below(root: int) -> int:
    parents: dict[int, int] = {}
    resident: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(
                line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line
            )
        except OSError:
            continue  # it has ended
        parents[int(folder.name)] = int(status["PPid"])
        resident[int(folder.name)] = int(status.get("VmRSS", "0 kB").split()[0]) * 1024
    total = 0
    for process, bytes_ in resident.items():
        above: int | None = parents[process]
        while above and above != root:
            above = parents.get(above)
        total += bytes_ if above == root else 0
    return total
