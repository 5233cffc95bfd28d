"""`gpu run`: unpacks the pieces, finds CUDA, and measures phase by phase."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpu_steps import cuda, phases, pieces, table
from gpu_steps.problems import StepFailedError, UsageError
from gpu_steps.processes import Machine, watched_memory

PHASES = tuple(phases.ALL)


@dataclass(frozen=True)
class Installation:
    """What is measured: the launcher, the bundles in the order of their weight, the clips, the environment."""

    launcher: Path
    bundles: list[Path]
    clips: Path
    environment: dict[str, str]


def run(options: argparse.Namespace) -> int:
    """Gives the exit code: 1 where a phase failed, or a target of the GPU is missed."""
    began = time.monotonic()
    wanted = _wanted(options.phases)
    folder, on_gpu = options.folder, options.provider != "cpu"
    work = (options.work or folder / "work").resolve()
    out = (options.out or folder / "out").resolve()
    here = (
        _installation(folder, work, options)
        if (folder / pieces.MANIFEST).exists()
        else _unpacked(folder, work, options)
    )
    out.mkdir(parents=True, exist_ok=True)
    logs = work / "logs"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    results: dict[str, Any] = {
        "provider": options.provider,
        "machine": _machine(on_gpu),
        "phases": {},
    }
    _say(f"ready after {time.monotonic() - began:.0f} s; {', '.join(wanted)} on {options.provider}")
    machine = Machine(here.launcher, here.environment, logs)
    try:
        for name in wanted:
            left = options.total_seconds - (time.monotonic() - began)
            result = results["phases"][name] = _phase(name, machine, here, options.provider, left)
            (out / f"gpu-{name}.json").write_text(json.dumps(result, indent=2) + "\n")
            (out / "gpu.json").write_text(json.dumps(results, indent=2) + "\n")
    finally:
        machine.close()
    rows = table.rows(results)
    text = table.text(rows)
    print(text)
    (out / "gpu.txt").write_text(text + "\n")
    failed = [name for name in wanted if "error" in results["phases"][name]]
    for name in failed:
        print(f"error: {name}: {results['phases'][name]['error']}", file=sys.stderr)
    print(f"figures in {out}, logs in {logs}", file=sys.stderr)
    return 1 if failed or (on_gpu and any(row.met is False for row in rows)) else 0


def _wanted(given: str | None) -> list[str]:
    wanted = given.split(",") if given else list(PHASES)
    unknown = [name for name in wanted if name not in PHASES]
    if unknown:
        raise UsageError(f"--phases names {', '.join(unknown)}: give some of {', '.join(PHASES)}")
    return wanted


def _phase(name: str, machine: Machine, here: Installation, provider: str, left: float) -> dict[str, Any]:
    phase = phases.ALL[name]
    limit = min(phase.seconds * (1 if provider != "cpu" else phases.CPU_PATIENCE), left)
    if limit < phase.least_seconds:
        return {"error": f"only {left:.0f} s were left of --total-seconds: run it alone with --phases {name}"}
    _say(f"{name}, at most {limit:.0f} s")
    began = time.monotonic()
    result: dict[str, Any] = {}
    with watched_memory(provider != "cpu") as peak:
        try:
            phase.run(phases.Context(machine, here.bundles, here.clips, provider, limit), result)
        except (StepFailedError, KeyError, ValueError, OSError) as problem:
            result["error"] = str(problem) if isinstance(problem, StepFailedError) else repr(problem)
        finally:
            machine.close()
    result["seconds"] = round(time.monotonic() - began, 1)
    result["hostPeakMiB"] = peak.host_bytes // 2**20
    if peak.device_mib is not None:
        result["devicePeakMiB"] = peak.device_mib
    return result


def _say(what: str) -> None:
    print(f"gpu: {what}", file=sys.stderr, flush=True)


def _machine(on_gpu: bool) -> dict[str, Any]:
    machine: dict[str, Any] = {"cores": os.cpu_count(), "load": os.getloadavg()[0]}
    if on_gpu:
        machine["gpu"] = cuda.ask("name", "driver_version", "memory.total")
    return machine


def _unpacked(folder: Path, work: Path, options: argparse.Namespace) -> Installation:
    """A checkout or a distribution, with the Java and the ONNX Runtime that it has itself."""
    launchers = [folder / "gatestream", folder / "bin/gatestream"]
    launcher = next((found.resolve() for found in launchers if found.is_file()), None)
    if launcher is None:
        raise UsageError(
            f"{folder} has no {pieces.MANIFEST} and no launcher: name the folder that `gpu pack` made, a checkout or a"
            " distribution"
        )
    home = launcher.parent if launcher.parent.name != "bin" else launcher.parent.parent
    app = home / "stream-app" if (home / "stream-app").is_dir() else home
    libraries = _cuda_environment(None, work, options) if options.provider != "cpu" else {}
    return Installation(
        launcher,
        [app / "models/object-motion", *_given(options)],
        (app / "samples").resolve(),
        {**_environment(work), **libraries},
    )


def _installation(folder: Path, work: Path, options: argparse.Namespace) -> Installation:
    """What the pieces hold."""
    manifest = pieces.read_manifest(folder)
    libraries = {}
    if options.provider != "cpu":
        libraries = _cuda_environment(manifest, work, options)
    needed = [piece for piece in manifest["pieces"] if _is_needed(piece["archive"], libraries)]
    pieces.check(folder, needed)
    with ThreadPoolExecutor() as pool:
        archives = {piece["archive"]: work / piece["archive"].removesuffix(".tar.xz") for piece in needed}
        for archive, to in archives.items():
            pool.submit(
                pieces.unpack,
                folder,
                [piece for piece in needed if piece["archive"] == archive],
                to,
            )
    incomplete = [
        archive for archive, to in archives.items() if not to.with_name(to.name + ".unpacked").is_file()
    ]
    if incomplete:
        raise StepFailedError(f"{', '.join(incomplete)} could not be unpacked into {work}: is there space?")
    app = work / "app"
    home = app / "gatestream"
    bundles = sorted((app / "bundles").iterdir()) if (app / "bundles").is_dir() else []
    environment = {**_environment(work), "JAVA_HOME": str(app / "java"), **libraries}
    bundles = [home / "models/object-motion", *bundles, *_given(options)]
    return Installation(home / "bin/gatestream", bundles, (home / "samples").resolve(), environment)


def _is_needed(archive: str, libraries: dict[str, str]) -> bool:
    return archive == "app.tar.xz" or archive.removesuffix(".tar.xz") in libraries.get(
        "GATESTREAM_JAVA_OPTS", ""
    )


def _given(options: argparse.Namespace) -> list[Path]:
    missing = [bundle for bundle in options.bundle if not (bundle / "model.json").is_file()]
    if missing:
        raise UsageError(*(f"--bundle {bundle} is no bundle: it has no model.json" for bundle in missing))
    return [bundle.resolve() for bundle in options.bundle]


def _environment(work: Path) -> dict[str, str]:
    (work / "tmp").mkdir(parents=True, exist_ok=True)
    return {"XDG_CACHE_HOME": str(work / "cache"), "TMPDIR": str(work / "tmp")}


def _cuda_environment(
    manifest: dict[str, Any] | None, work: Path, options: argparse.Namespace
) -> dict[str, str]:
    """Proves that there is a GPU with CUDA before anything is unpacked.

    Raises:
        NoCudaError: what is missing.
    """
    drivers = cuda.driver()
    cuda.require_memory()
    version, folders = cuda.libraries(options.cuda_libraries)
    path = ":".join(map(str, [*folders, *drivers]))
    environment = {
        "LD_LIBRARY_PATH": path + (":" + old if (old := os.environ.get("LD_LIBRARY_PATH")) else "")
    }
    if manifest is not None:
        if version not in manifest["cuda"]:
            raise cuda.NoCudaError(
                f"CUDA {version} is here ({folders[0]}), and the pieces are for CUDA {' and '.join(manifest['cuda']) or 'none'}:"
                f" make them with `gpu pack --cuda {version}`"
            )
        environment["GATESTREAM_JAVA_OPTS"] = f"-Donnxruntime.native.path={work / f'natives-{version}'}"
    return environment
