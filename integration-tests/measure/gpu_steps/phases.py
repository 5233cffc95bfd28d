"""What is proven and measured, in an order in which a run that is cut off has the most important first."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpu_steps import kills
from gpu_steps.problems import StepFailedError
from gpu_steps.processes import Machine

CPU_PATIENCE = 6
"""A dry run may share two cores with other work: it has so many times the limits."""

SCORES_ALLOWED = 0.01
"""On a GPU: batches differ from run to run, and each is within the bundle's tolerance."""

LARGE = {"GATESTREAM_HEAP": "8g", "GATESTREAM_DIRECT": "4g"}
"""Of a bench that keeps a GPU and many cores busy."""


@dataclass(frozen=True)
class Context:
    """Where a phase runs. `bundles` has the default one first."""

    machine: Machine
    bundles: list[Path]
    clips: Path
    provider: str
    seconds: float

    @property
    def is_dry(self) -> bool:
        """Whether this only shows that everything works: sizes are small."""
        return self.provider == "cpu"


@dataclass(frozen=True)
class Phase:
    """`run` adds what it finds to a result as it goes; `seconds` is its limit, below `least_seconds` it is not worth a start."""

    run: Callable[[Context, dict[str, Any]], None]
    seconds: float
    least_seconds: float


def _provider(context: Context, result: dict[str, Any]) -> None:
    """Which provider runs which nodes, and parity with the CPU, of every bundle."""
    result["bundles"] = {}
    limit = time.monotonic() + context.seconds
    for bundle in context.bundles:
        asked: list[str | Path] = [
            "model",
            "inspect",
            bundle,
            "--provider",
            context.provider,
            "--format",
            "json",
        ]
        command = context.machine.run(
            f"inspect-{bundle.name}", limit - time.monotonic(), *asked, codes=(0, 1)
        )
        said = json.loads(command.out.read_text() or "{}")
        if "parity" not in said:
            raise StepFailedError(f"{bundle.name} on {context.provider}: {command.tail()}")
        result["bundles"][bundle.name] = said["parity"]
    away = [name for name, parity in result["bundles"].items() if parity["provider"] != context.provider]
    if away:
        raise StepFailedError(f"{', '.join(away)} ran on another provider than {context.provider}")


def _exactly_once(context: Context, result: dict[str, Any]) -> None:
    frames = 60 if context.is_dry else 250
    model = [
        "--model",
        str(context.bundles[0]),
        "--provider",
        context.provider,
        "--calibrate",
        "false",
    ]
    result.update(kills.run(context.machine, model, context.clips, context.seconds, frames))
    result["allowedScoreDifference"] = 0.0 if context.is_dry else SCORES_ALLOWED
    if result["problems"]:
        raise StepFailedError(f"labels differ: {result['problems'][0]}")
    if result["largestScoreDifference"] > result["allowedScoreDifference"]:
        raise StepFailedError(f"scores differ by {result['largestScoreDifference']:.2g}")


def _stages(context: Context, result: dict[str, Any]) -> None:
    """Encoder by batch, decode by workers, step by batch."""
    _bench(
        context,
        result,
        "stages",
        context.bundles[0],
        ["encode", "decode", "step"],
        0.5 if context.is_dry else 1.5,
    )


def _rates(context: Context, result: dict[str, Any]) -> None:
    """End to end, and the delay at 70 % of it."""
    _bench(
        context,
        result,
        "rates",
        context.bundles[0],
        ["end-to-end", "delay"],
        0.5 if context.is_dry else 5,
    )


def _others(context: Context, result: dict[str, Any]) -> None:
    """The further bundles: encoder by batch, end to end."""
    result["bundles"] = {}
    for number, bundle in enumerate(context.bundles[1:]):
        result["bundles"][bundle.name] = {}
        share = context.seconds / max(1, len(context.bundles) - 1)
        part = Context(context.machine, context.bundles, context.clips, context.provider, share)
        seconds = 0.5 if context.is_dry else 2.5
        _bench(
            part,
            result["bundles"][bundle.name],
            f"others-{number}",
            bundle,
            ["encode", "end-to-end"],
            seconds,
        )


def _bench(
    context: Context,
    result: dict[str, Any],
    name: str,
    bundle: Path,
    parts: list[str],
    seconds: float,
) -> None:
    file = context.machine.logs / f"{name}.json"
    arguments: list[str | Path] = [
        "bench",
        "--model",
        bundle,
        "--provider",
        context.provider,
        "--only",
        ",".join(parts),
        "--json",
        file,
    ]
    arguments += ["--seconds", str(seconds), "--streams", "8" if context.is_dry else "64"]
    sizes: dict[str, str] = {} if context.is_dry else LARGE
    try:
        context.machine.run(name, context.seconds, *arguments, more=sizes)
    finally:
        if file.exists():  # what was measured before it failed, or was cut off
            result.update(json.loads(file.read_text() or "{}"))


ALL = {
    "provider": Phase(_provider, 60, 5),
    "exactly-once": Phase(_exactly_once, 110, 60),
    "stages": Phase(_stages, 150, 30),
    "rates": Phase(_rates, 170, 60),
    "others": Phase(_others, 150, 40),
}
