"""`gpu pack`: everything that the other machine lacks, in pieces that can be carried."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from gpu_steps import natives, pieces
from gpu_steps.problems import StepFailedError, UsageError

ROOT = Path(__file__).resolve().parents[3]

MODULES = "java.se,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs"
"""What the application, Kafka and the bench use beside java.se."""


def pack(options: argparse.Namespace) -> None:
    """Writes pieces, their manifest and this script into the folder."""
    folder: Path = options.folder
    cudas = [cuda for cuda in options.cuda or ["13"] if cuda != "none"]
    _check(folder, options.bundle)
    folder.mkdir(parents=True, exist_ok=True)
    largest = options.piece_mib * (1 << 20)
    with tempfile.TemporaryDirectory(prefix="gatestream-gpu-") as temporary:
        work = Path(temporary)
        app = work / "app"
        _say("the application")
        _application(options.distribution or _built(work), app / "gatestream")
        _say("a Java runtime")
        _java(app / "java")
        for bundle in options.bundle:
            shutil.copytree(bundle, app / "bundles" / bundle.resolve().name)
        _say("it, compressed")
        written = pieces.write(app, folder, "app.tar.xz", largest, options.xz)
        for cuda in cudas:
            _say(f"ONNX Runtime for CUDA {cuda}")
            natives.collect(cuda, _version("onnxruntime"), work / f"natives-{cuda}", options.gpu)
            written += pieces.write(
                work / f"natives-{cuda}", folder, f"natives-{cuda}.tar.xz", largest, options.xz
            )
    _script(folder)
    manifest = {"format": 1, "version": _version("revision"), "cuda": cudas, "pieces": written}
    (folder / pieces.MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
    for piece in written:
        print(f"{piece['bytes'] / 2**20:7.1f} MiB  {folder / piece['name']}")
    print(
        f"carry all of {folder}, in as many trips as it takes; there: python3 {folder.name}/gpu run {folder.name}"
    )


def _say(what: str) -> None:
    print(f"gpu: packing {what}", file=sys.stderr, flush=True)


def _check(folder: Path, bundles: list[Path]) -> None:
    problems = [
        f"--bundle {bundle} is no bundle: it has no model.json"
        for bundle in bundles
        if not (bundle / "model.json").is_file()
    ]
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        problems.append(f"{folder} is not an empty folder: name another, or delete what is in it")
    problems += [
        f"{tool} is missing here: install it (Debian, Ubuntu: tar, xz-utils, openjdk-17-jdk-headless)"
        for tool in ("tar", "xz", "jlink")
        if shutil.which(tool) is None
    ]
    if problems:
        raise UsageError(*problems)


def _version(name: str) -> str:
    found = re.search(rf"<{name}(?:\.version)?>([^<]+)<", (ROOT / "pom.xml").read_text())
    if found is None:
        raise StepFailedError(f"{ROOT / 'pom.xml'} names no version of {name}")
    return found.group(1)


def _built(work: Path) -> Path:
    _say("a distribution; --distribution FILE takes one that is there")
    built = subprocess.run([ROOT / ".ci/dist", "linux-x86_64", work / "dist"], stdout=sys.stderr, check=False)
    if built.returncode != 0:
        raise StepFailedError("the distribution could not be built, see above")
    return next((work / "dist").glob("*.tar.gz"))


def _application(archive: Path, to: Path) -> None:
    """The distribution with jars that are not compressed: xz, which comes after, then makes them smaller than zip did."""
    if not archive.is_file():
        raise UsageError(f"--distribution {archive} is no file: .ci/dist linux-x86_64 DIR makes one")
    unpacked = to.with_name("unpacked")
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked)
    (top,) = unpacked.iterdir()
    top.rename(to)
    unpacked.rmdir()
    shutil.rmtree(to / "licenses", ignore_errors=True)
    (to / "SHA256SUMS").unlink(missing_ok=True)
    for jar in sorted(to.rglob("*.jar")):
        _store(jar)


def _store(jar: Path) -> None:
    stored = jar.with_suffix(".stored")
    with zipfile.ZipFile(jar) as old, zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            if not entry.is_dir():
                new.writestr(zipfile.ZipInfo(entry.filename, entry.date_time), old.read(entry))
    stored.replace(jar)


def _java(to: Path) -> None:
    command = [
        "jlink",
        "--add-modules",
        MODULES,
        "--strip-debug",
        "--no-man-pages",
        "--no-header-files",
        "--output",
        str(to),
    ]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise StepFailedError(f"jlink failed: {made.stdout}{made.stderr}")


def _script(folder: Path) -> None:
    here = Path(__file__).resolve().parent
    shutil.copy2(here.parent / "gpu", folder / "gpu")
    shutil.copytree(here, folder / here.name, ignore=shutil.ignore_patterns("__pycache__"))
