"""A bundle from two ONNX graphs that were trained elsewhere."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gatestream_export.bundle import border, golden, graphs, media, writing
from gatestream_export.bundle.golden import Shot
from gatestream_export.bundle.runtime import Bundle, open_session
from gatestream_export.bundle.specification import Specification
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.picture.resize import ResizeRule

LOG = logging.getLogger(__name__)

MOST_FRAMES = 200


@dataclass(frozen=True)
class Request:
    """What the graphs do not say. `size` is (width, height), for an encoder that leaves it open.

    `elapsed` and `auxiliary` are names of step inputs; None means the usual name, where it is one.
    `frames` is a folder of pictures or clips.
    """

    encoder: Path
    step: Path
    labels: Path
    name: str
    version: str = "1.0.0"
    interval_millis: int = 100
    resize: str = "stretch"
    interpolation: str = "area"
    reduced_scale_jpeg: bool = False
    size: tuple[int, int] | None = None
    activation: str = "softmax"
    background: str | None = None
    licence: str = "not stated"
    states: tuple[tuple[str, str], ...] = ()
    elapsed: str | None = None
    auxiliary: str | None = None
    frames: Path | None = None


def import_model(request: Request, target: Path) -> Bundle:
    """Writes the bundle, verified like any.

    Raises:
        UsageError: a missing file. CheckFailedError: anything in the graphs that format 1 does not
            have, with what was expected and found.
    """
    writing.require_target(target)
    for file in (request.encoder, request.step, request.labels):
        if not file.is_file():
            raise UsageError(f"missing file: {file}")
    labels = read_labels(request.labels)
    for file in (request.encoder, request.step):
        graphs.require_one_file(file)
    width, height = picture_size(request.encoder, request.size)
    tensors = border.read(
        request.encoder,
        request.step,
        height,
        width,
        border.Hints(
            request.states, request.elapsed or "elapsed", request.auxiliary or "auxiliary"
        ),
    )
    for what, name, found in (
        ("--elapsed", request.elapsed, tensors.elapsed),
        ("--auxiliary", request.auxiliary, tensors.auxiliary),
    ):
        if name is not None and found is None:
            raise CheckFailedError(f"{request.step.name} has no input {name}, given as {what}")
    classes = tensors.logits.shape[1] if len(tensors.logits.shape) == 2 else None
    if classes is None:
        raise CheckFailedError(
            f"{request.step.name}: {border.str_of(tensors.logits)}: expected logits of"
            f" float32 [-1, {len(labels)}]"
        )
    if classes != len(labels):
        raise CheckFailedError(
            f"{request.labels} has {len(labels)} labels, {request.step.name} gives {classes}"
            f" logits ({tensors.logits.name}): expected one label a logit"
        )
    rule = ResizeRule(
        width,
        height,
        request.resize,
        request.interpolation,
        reduced_scale_jpeg=request.reduced_scale_jpeg,
    )
    specification = Specification(
        name=request.name,
        version=request.version,
        labels=labels,
        resize=rule,
        frame_interval_millis=request.interval_millis,
        licence=request.licence,
        notice=(
            f"# {request.name}\n\nBrought in from graphs that were trained elsewhere.\n"
            f"Licence: {request.licence}.\n"
        ),
        data="not stated: trained elsewhere",
        command="python -m gatestream_export import --encoder X --step Y --labels FILE",
        metrics={},
        background=request.background,
        activation=request.activation,
    )
    real, runs = _frames(request, rule, tensors.auxiliary)
    parts = writing.Parts(request.encoder, request.step, specification, border=tensors)
    return writing.write_bundle(parts, target, real, runs)


def _frames(
    request: Request, rule: ResizeRule, auxiliary: tuple[str, int] | None
) -> tuple[np.ndarray, list[list[Shot]]]:
    """Frames for the comparison, and candidates for golden/."""
    interval = request.interval_millis / 1000
    side = 0 if auxiliary is None else auxiliary[1]
    if request.frames is not None:
        real = media.frames(request.frames, rule, interval, MOST_FRAMES)
        return real, media.golden_runs(request.frames, interval, side)
    LOG.warning("no --frames: the golden frames are random pictures, which say little")
    runs = golden.random_runs(rule, interval, side, 8)
    return np.empty((0, rule.height, rule.width, 3), np.uint8), runs


def picture_size(file: Path, given: tuple[int, int] | None) -> tuple[int, int]:
    """(width, height) of an encoder's pictures; `given` where the graph leaves it open.

    Raises:
        CheckFailedError: it takes no uint8 pictures [B,H,W,3], or another size than `given`.
    """
    value = open_session(file).get_inputs()[0]
    border.refuse_clip(file, value)
    found = f"{file.name}: {value.name} {value.type} {value.shape}"
    if value.type != "tensor(uint8)" or len(value.shape) != 4 or value.shape[3] != 3:
        raise CheckFailedError(
            f"{found}: expected uint8 [B, H, W, 3], RGB; put the transposition and the"
            " normalisation into the graph"
        )
    height, width = value.shape[1:3]
    if given is None and not (isinstance(height, int) and isinstance(width, int)):
        raise CheckFailedError(f"{found} leaves its size open: give it with --size WIDTHxHEIGHT")
    if given is None:
        return width, height
    for what, fixed, wanted in (("width", width, given[0]), ("height", height, given[1])):
        if isinstance(fixed, int) and fixed != wanted:
            raise CheckFailedError(f"{found}: its {what} is {fixed}, --size says {wanted}")
    return given


def read_labels(file: Path) -> tuple[str, ...]:
    """One label a line, in the order of the logits; blank lines at the end do not count."""
    try:
        lines = file.read_text(encoding="utf-8-sig").rstrip().splitlines()
    except UnicodeDecodeError as broken:
        raise CheckFailedError(f"{file} is no UTF-8 text: {broken}") from broken
    labels: list[str] = []
    for number, line in enumerate(lines, 1):
        label = line.strip()
        if not label:
            raise CheckFailedError(f"{file}, line {number}: blank; expected one label a line")
        if label in labels:
            raise CheckFailedError(
                f"{file}, line {number}: {label!r} again, first in line {labels.index(label) + 1}"
            )
        labels.append(label)
    if not labels:
        raise CheckFailedError(f"{file} is empty: expected one label a line")
    return tuple(labels)
