"""Exactly-once under kills: an application that is killed three times against one that nobody disturbs, on the same frames."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gpu_steps.problems import StepFailedError
from gpu_steps.processes import Machine

KILLS = 3
STABLE_SECONDS = 3
QUICK = ["--kafka", "session.timeout.ms=6000", "--kafka", "heartbeat.interval.ms=1500"]
"""A killed instance's partitions are given away sooner than by default."""

SAME = (
    "framesSinceReset",
    "reset",
    "duplicates",
    "skipped",
    "rejected",
    "captureTime",
    "sourceTime",
)
"""Fields of a label that no device changes."""


def run(machine: Machine, model: list[str], clips: Path, seconds: float, frames: int) -> dict[str, Any]:
    """Feeds the clips at their own pace to both applications, kills one of them three times, and compares their labels.

    Args:
        model: arguments that name bundle and provider
        frames: of each clip
    """
    limit = time.monotonic() + seconds
    broker = machine.start("kills-broker", "broker", "--port", "0", "--data", machine.logs / "kafka")
    servers = broker.await_line("listening on ", 60).split("listening on ")[1].split()[0]
    feed = ["ingest", "--bootstrap-servers", servers, "--create-topics", "--partitions", "6"]
    # the topic is there, and both wait at its end, before the frames come at their own pace
    machine.run("kills-topic", 60, *feed, "--max-frames", "1", "--stream-prefix", "first-", clips)
    undisturbed = _Application(machine, servers, "undisturbed", model)
    killed = _Application(machine, servers, "killed", model)
    for application in (undisturbed, killed):
        application.await_running(limit)
        application.read_labels()
    ingest = machine.start("kills-ingest", *feed, "--realtime", "--max-frames", str(frames), clips)
    streams = len(list(clips.glob("*.mp4")))
    for kill in range(1, KILLS + 1):
        some = streams + kill * streams * frames // (KILLS + 2)
        _await_count(killed, some, limit, f"{some} labels, before kill {kill}")
        killed.kill_and_start()
        killed.await_running(limit)
    ingest.wait(limit - time.monotonic())
    if ingest.process.returncode != 0:
        raise StepFailedError(f"ingest ended with {ingest.process.returncode}: {ingest.tail()}")
    _await_stable(undisturbed, limit)
    _await(
        lambda: killed.count() >= undisturbed.count(),
        limit,
        "the labels of the application that was killed",
    )
    _await_stable(killed, limit)
    result = {"kills": KILLS, **compare(undisturbed.labels(), killed.labels())}
    undisturbed.stop()
    killed.stop()
    broker.terminate(30)
    return result


class _Application:
    """Instances of one application, one at a time, and all labels that it has committed."""

    def __init__(self, machine: Machine, servers: str, name: str, model: list[str]) -> None:
        self.machine, self.name, self.servers, self.model = machine, name, servers, model
        self.instances = 0
        self._labels = machine.logs / "none"
        self.start()

    def start(self) -> None:
        self.instances += 1
        self.instance = self.machine.start(
            f"kills-{self.name}-{self.instances}",
            *[
                "run",
                "--bootstrap-servers",
                self.servers,
                "--application-id",
                self.name,
                "--create-topics",
            ],
            *["--labels-topic", f"{self.name}-labels", "--rejected-topic", f"{self.name}-rejected"],
            *["--state-dir", str(self.machine.logs / f"state-{self.name}"), *QUICK, *self.model],
        )

    def await_running(self, limit: float) -> None:
        self.instance.await_line("running: ", limit - time.monotonic())

    def read_labels(self) -> None:
        """Reads on in a process of its own; the topic is there once an instance runs."""
        topic = ["--bootstrap-servers", self.servers, "--labels-topic", f"{self.name}-labels"]
        name = f"kills-{self.name}-labels"
        self._labels = self.machine.start(name, "labels", *topic, "--follow", "--format", "json").out

    def kill_and_start(self) -> None:
        self.instance.kill()
        self.start()

    def count(self) -> int:
        if self.instance.process.poll() is not None:
            raise StepFailedError(
                f"{self.instance.name} ended with {self.instance.process.returncode}: {self.instance.tail()}"
            )
        return self._labels.read_bytes().count(b"\n")

    def labels(self) -> list[dict[str, Any]]:
        lines = self._labels.read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def stop(self) -> None:
        self.instance.terminate(60)


def _await_count(application: _Application, more_than: int, limit: float, what: str) -> None:
    _await(lambda: application.count() > more_than, limit, what)


def _await(reached: Callable[[], bool], limit: float, what: str) -> None:
    while not reached():
        if time.monotonic() > limit:
            raise StepFailedError(f"waited too long for {what}")
        time.sleep(0.1)


def _await_stable(application: _Application, limit: float) -> None:
    """Until no label has come for some seconds."""
    last, since = application.count(), time.monotonic()
    while time.monotonic() - since < STABLE_SECONDS:
        if time.monotonic() > limit:
            raise StepFailedError(f"the labels of {application.name} do not end")
        time.sleep(0.1)
        if (now := application.count()) != last:
            last, since = now, time.monotonic()


def compare(expected: list[dict[str, Any]], found: list[dict[str, Any]]) -> dict[str, Any]:
    """Labels stream by stream: which are lost, come twice or out of order, or say something else, and how far scores differ."""
    ours, theirs = _by_stream(found), _by_stream(expected)
    problems: list[str] = []
    difference = 0.0
    for stream in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(stream, []), theirs.get(stream, [])
        if [_position(label) for label in mine] != [_position(label) for label in other]:
            problems.append(f"{stream}: {len(mine)} labels, undisturbed {len(other)}: {_first(mine, other)}")
            continue
        for one, two in zip(mine, other, strict=True):
            if changed := [field for field in SAME if one[field] != two[field]]:
                problems.append(f"{stream}: at sequence {one['sequence']} another {', '.join(changed)}")
                break
            difference = max(difference, _score_difference(one, two))
    return {
        "labels": len(found),
        "undisturbed": len(expected),
        "problems": problems,
        "largestScoreDifference": difference,
    }


def _by_stream(labels: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    streams: dict[str, list[dict[str, Any]]] = {}
    for label in sorted(labels, key=lambda label: (label["partition"], label["offset"])):
        streams.setdefault(label["streamId"], []).append(label)
    return streams


def _position(label: dict[str, Any]) -> tuple[str, int]:
    return label["session"], label["sequence"]


def _first(mine: list[dict[str, Any]], other: list[dict[str, Any]]) -> str:
    at = next(
        (
            i
            for i, (one, two) in enumerate(zip(mine, other, strict=False))
            if _position(one) != _position(two)
        ),
        None,
    )
    at = min(len(mine), len(other)) if at is None else at
    said = [str(_position(labels[at])) if at < len(labels) else "none" for labels in (mine, other)]
    return f"the first difference is {said[0]} in place of {said[1]}"


def _score_difference(one: dict[str, Any], two: dict[str, Any]) -> float:
    scores = {score["label"]: score["score"] for score in two["scores"]}
    return max(abs(score["score"] - scores.get(score["label"], 0.0)) for score in one["scores"])
