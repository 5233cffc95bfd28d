"""The figures next to the targets that Gatestream has for one large GPU with 16 cores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

RATIO = 0.9
FRAMES_A_SECOND = 10_000
CAMERAS_FPS = 9_990
CAMERAS_P99_MILLIS = 100


@dataclass(frozen=True)
class Row:
    """`met` is None where there is no target, or a CPU was measured."""

    what: str
    value: str
    target: str = ""
    met: bool | None = None


def rows(results: dict[str, Any]) -> list[Row]:
    """A row for each figure that is there."""
    on_gpu = results["provider"] != "cpu"
    found = [
        *_provider(results),
        *_exactly_once(results),
        *_stages(results),
        *_rates(results, on_gpu),
        *_others(results),
    ]
    return [*found, *_memory(results)]


def text(table: list[Row]) -> str:
    """Aligned lines."""
    widths = [
        max((len(getattr(row, name)) for row in table), default=0) for name in ("what", "value", "target")
    ]
    lines = []
    for row in table:
        judged = "" if row.met is None else "met" if row.met else "MISSED"
        cells = [
            row.what.ljust(widths[0]),
            row.value.rjust(widths[1]),
            row.target.ljust(widths[2]),
            judged,
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _provider(results: dict[str, Any]) -> list[Row]:
    found = []
    for name, parity in results["phases"].get("provider", {}).get("bundles", {}).items():
        nodes = parity["encoderNodes"]
        on_cpu = nodes.get("CPUExecutionProvider", 0)
        said = ", ".join(
            f"{count} {provider.removesuffix('ExecutionProvider')}"
            for provider, count in sorted(nodes.items())
        )
        met = on_cpu == 0 if parity["provider"] != "cpu" else None
        found.append(
            Row(
                f"{name}: nodes of the encoder by provider",
                said,
                "none on the CPU" if met is not None else "",
                met,
            )
        )
        worst = max(
            parity["differences"],
            key=lambda difference: difference["largest"] / difference["allowed"],
        )
        found.append(
            Row(
                f"{name}: furthest from the CPU or batch 1 ({worst['what']}, batch {worst['batch']})",
                f"{worst['largest']:.2g}",
                f"at most {worst['allowed']:.2g}",
                parity["withinTolerance"],
            )
        )
    return found


def _exactly_once(results: dict[str, Any]) -> list[Row]:
    phase = results["phases"].get("exactly-once", {})
    if "labels" not in phase:
        return []
    what = f"labels after {phase['kills']} kills, of {phase['undisturbed']} undisturbed"
    met = not phase["problems"] and phase["largestScoreDifference"] <= phase["allowedScoreDifference"]
    scores = Row(
        "largest difference of a score",
        f"{phase['largestScoreDifference']:.2g}",
        f"at most {phase['allowedScoreDifference']:.2g}",
    )
    return [Row(what, str(phase["labels"]), "each once", met), scores]


def _stages(results: dict[str, Any]) -> list[Row]:
    return [
        _rate(f"{stage['stage']}, {stage['setting']}", stage["fps"]) for stage in _figures(results, "stages")
    ]


def _figures(results: dict[str, Any], phase: str) -> list[dict[str, Any]]:
    figures: list[dict[str, Any]] = results["phases"].get(phase, {}).get("stages", [])
    return figures


def _rate(what: str, fps: float, target: str = "", met: bool | None = None) -> Row:
    return Row(what + ", frames a second", f"{fps:.0f}", target, met)


def limit(results: dict[str, Any]) -> float | None:
    """The smaller of the best decode as `run` does it and the best encode; None where one was not measured."""
    best = {
        stage: max(
            (figure["fps"] for figure in _figures(results, "stages") if _is(figure, stage)),
            default=None,
        )
        for stage in ("decode", "encode")
    }
    known = [fps for fps in best.values() if fps is not None]
    return min(known) if len(known) == len(best) else None


def _is(figure: dict[str, Any], stage: str) -> bool:
    return bool(figure["stage"] == stage and (stage != "decode" or "as run does" in figure["setting"]))


def _rates(results: dict[str, Any], on_gpu: bool) -> list[Row]:
    phase = results["phases"].get("rates", {})
    if "endToEndFps" not in phase:
        return []
    fps = phase["endToEndFps"]
    found = [
        _rate(
            "end to end",
            fps,
            f"at least {FRAMES_A_SECOND}",
            fps >= FRAMES_A_SECOND if on_gpu else None,
        )
    ]
    if (most := limit(results)) is not None:
        met = fps / most >= RATIO if on_gpu else None
        found.append(
            Row(
                "end to end to the smaller of decode and encode",
                f"{fps / most:.2f}",
                f"at least {RATIO}",
                met,
            )
        )
    for delay in phase.get("delays", []):
        is_cameras = round(delay["fps"]) == CAMERAS_FPS
        target = f"at most {CAMERAS_P99_MILLIS}" if is_cameras else ""
        met = (
            (delay["p99"] <= CAMERAS_P99_MILLIS and delay["unlabelled"] == 0)
            if is_cameras and on_gpu
            else None
        )
        what = f"delay p99 at {delay['fps']:.0f} frames a second ({delay['load']} %), ms"
        found.append(Row(what, f"{delay['p99']:.0f}", target, met))
    if (
        on_gpu
        and phase.get("delays")
        and not any(round(delay["fps"]) == CAMERAS_FPS for delay in phase["delays"])
    ):
        found.append(
            Row(
                f"delay p99 at {CAMERAS_FPS} frames a second, ms",
                "too much",
                f"at most {CAMERAS_P99_MILLIS}",
                False,
            )
        )
    return found


def _others(results: dict[str, Any]) -> list[Row]:
    found = []
    for name, figures in results["phases"].get("others", {}).get("bundles", {}).items():
        found += [
            _rate(f"{name}: {stage['stage']}, {stage['setting']}", stage["fps"])
            for stage in figures.get("stages", [])
        ]
        if "endToEndFps" in figures:
            found.append(_rate(f"{name}: end to end", figures["endToEndFps"]))
    return found


def _memory(results: dict[str, Any]) -> list[Row]:
    found = []
    for name, phase in results["phases"].items():
        if "hostPeakMiB" in phase:
            found.append(Row(f"{name}: resident memory of all its processes, MiB", str(phase["hostPeakMiB"])))
        if "devicePeakMiB" in phase:
            found.append(Row(f"{name}: memory used on the GPU, MiB", str(phase["devicePeakMiB"])))
    return found
