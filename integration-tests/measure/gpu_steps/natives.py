"""ONNX Runtime's libraries with CUDA, of the version that the application is built with."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from gpu_steps import fatbin
from gpu_steps.problems import StepFailedError

ROOT = Path(__file__).resolve().parents[3]
JAR_FOLDER = "ai/onnxruntime/native/linux-x64/"
LIBRARY = "libonnxruntime.so"
BINDING = "libonnxruntime4j_jni.so"
PROVIDERS = re.compile(r"libonnxruntime_providers_(cuda|shared|tensorrt)\.so")


def collect(cuda: str, version: str, to: Path, capability: int | None) -> None:
    """Puts the libraries into `to`, which `-Donnxruntime.native.path` then names.

    For CUDA 12 they come out of Maven's onnxruntime_gpu. For CUDA 13 they come out of the Python wheel, which is
    built from the same commit, and only Java's own library out of Maven's: that of the CPU build knows no CUDA.

    With a compute capability only the code for that is kept.
    """
    to.mkdir()
    jar = _from_maven(version)
    if cuda == "12":
        _unpack(jar, JAR_FOLDER, to, lambda name: True)
    else:
        _unpack(jar, JAR_FOLDER, to, lambda name: name == BINDING)
        _unpack(_wheel(version, to), "onnxruntime/capi/", to, lambda name: name != BINDING)
    missing = [
        name for name in (LIBRARY, BINDING, "libonnxruntime_providers_cuda.so") if not (to / name).is_file()
    ]
    if missing:
        raise StepFailedError(f"ONNX Runtime {version} for CUDA {cuda} has no {', '.join(missing)}")

    if capability is not None:
        fatbin.thin(to / "libonnxruntime_providers_cuda.so", capability)


def _unpack(archive: Path, folder: str, to: Path, is_wanted: Callable[[str], bool]) -> None:
    with zipfile.ZipFile(archive) as packed:
        for entry in packed.infolist():
            name = entry.filename.removeprefix(folder)
            if name == entry.filename or "/" in name:
                continue
            if name.startswith(LIBRARY):
                name = LIBRARY  # the wheel numbers it
            if is_wanted(name) and (name in (LIBRARY, BINDING) or PROVIDERS.fullmatch(name)):
                with packed.open(entry) as source, (to / name).open("wb") as target:
                    shutil.copyfileobj(source, target)


def _from_maven(version: str) -> Path:
    artifact = f"com.microsoft.onnxruntime:onnxruntime_gpu:{version}"
    goal = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy"
    to = ROOT / "integration-tests/target/gpu-natives"
    command = [
        str(ROOT / "mvnw"),
        "-q",
        "-B",
        "-N",
        goal,
        f"-Dartifact={artifact}",
        f"-DoutputDirectory={to}",
    ]
    if (
        subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode
        != 0
    ):
        raise StepFailedError(f"{artifact} could not be fetched by Maven, see above")
    return to / f"onnxruntime_gpu-{version}.jar"


def _wheel(version: str, beside: Path) -> Path:
    to = beside.with_name("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--only-binary=:all:",
        "--dest",
        str(to),
    ]
    command += ["--python-version", "3.12", "--implementation", "cp"]
    for glibc in ("2_28", "2_27", "2_17"):
        command += ["--platform", f"manylinux_{glibc}_x86_64"]
    if (
        subprocess.run([*command, f"onnxruntime-gpu=={version}"], stdout=sys.stderr, check=False).returncode
        != 0
    ):
        raise StepFailedError(f"the wheel onnxruntime-gpu {version} could not be fetched by pip, see above")
    (wheel,) = to.glob("*.whl")
    return wheel
