"""A bundle with an encoder of lower precision: made, measured against the original, written."""

from __future__ import annotations

import logging
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from gatestream_export.bundle import contract, golden, lower_precision, rounding, verify, writing
from gatestream_export.bundle.latency import latencies
from gatestream_export.bundle.media import Sequence, interval_of
from gatestream_export.bundle.quantization import Result
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.bundle.specification import Border, Specification, document
from gatestream_export.errors import CheckFailedError

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """What to do: `kind` is int8 or fp16, `frames` [T,H,W,3] calibrate; `samples` may be empty."""

    kind: str
    frames: np.ndarray
    samples: list[Sequence]
    limit: float
    command: str


def quantize(folder: Path, target: Path, request: Request) -> Result:
    """Writes the bundle of lower precision, unless it loses too much.

    Raises:
        UsageError: the bundle was quantised before, or the target holds something else.
        CheckFailedError: the bundle is not sound, fp16 overflows, or the accuracy drops by more
            than `request.limit`; nothing is written.
    """
    writing.require_target(target)
    lower_precision.require_float32(folder / contract.load(folder).document["encoder"]["file"])
    problems = verify.problems(folder)
    if problems:
        raise CheckFailedError(f"{folder} is not sound:\n  " + "\n  ".join(problems))
    bundle = Bundle(folder)
    with tempfile.TemporaryDirectory(prefix="gatestream-quantize-") as scratch:
        before = [top(bundle, s) for s in _sequences(bundle, request)]
        made = [
            _made(bundle, Path(scratch) / form, form, request, before)
            for form in (lower_precision.FORMS if request.kind == "int8" else ("fp16",))
        ]
        for result, _ in made:
            LOG.info("%s: %s", result.form, "; ".join(result.lines()))
        allowed = [m for m in made if m[0].drop <= request.limit]
        if not allowed:
            result = min((m[0] for m in made), key=lambda r: r.drop)
            what = "accuracy" if result.labelled else "agreement with the original's labels"
            raise CheckFailedError(
                f"{request.kind} loses too much: {what} {result.before:.4f} before,"
                f" {result.after:.4f} after, drop {result.drop:.4f} above --limit"
                f" {request.limit:g}; nothing was written. Give more varied --calibration frames,"
                " or a higher --limit"
            )
        result, candidate = min(allowed, key=lambda m: m[0].latency_after.median)
        _write(bundle, candidate, target, request, result)
    return result


def _made(
    bundle: Bundle, folder: Path, form: str, request: Request, before: list[np.ndarray]
) -> tuple[Result, Bundle]:
    """One form of the encoder in a folder like a bundle's, and its figures.

    `before` is what the original says of each sequence.
    """
    folder.mkdir()
    original = bundle.folder / bundle.contract.document["encoder"]["file"]
    encoder = folder / "encoder.onnx"
    if form == "fp16":
        lower_precision.float16(original, encoder, request.frames)
    else:
        lower_precision.int8(original, encoder, request.frames, form)
    shutil.copyfile(bundle.folder / bundle.contract.document["step"]["file"], folder / "step.onnx")
    border = _border(bundle.contract)
    contract.write(document(_specification(bundle, request), border, folder), folder)
    candidate = Bundle(folder)
    shares = _accuracy(candidate, request, form, before)
    first, second = latencies([bundle.encode, candidate.encode], request.frames)
    nodes = lower_precision.optimised_nodes(encoder)
    result = Result(
        form,
        original.stat().st_size,
        encoder.stat().st_size,
        first,
        second,
        *shares,
        bool(request.samples),
        _count_convolutions(original),
        dict(nodes),
    )
    return result, candidate


def _count_convolutions(file: Path) -> int:
    import onnx

    return sum(n.op_type == "Conv" for n in onnx.load(str(file)).graph.node)


def _border(c: contract.Contract) -> Border:
    auxiliary = None if c.auxiliary is None else (c.auxiliary["name"], c.auxiliary["size"])
    return Border(
        c.frames, c.encoder_features, c.step_features, c.logits, c.states, c.elapsed, auxiliary
    )


def _specification(bundle: Bundle, request: Request) -> Specification:
    d = bundle.contract.document
    notices = [(bundle.folder / n).read_text(encoding="utf-8") for n in d["attribution"]]
    note = f"The encoder was converted to {request.kind} from {d['name']} {d['version']}.\n"
    training = d["training"]
    return Specification(
        name=d["name"],
        version=f"{d['version']}-{request.kind}",
        labels=bundle.contract.labels,
        resize=bundle.resize,
        frame_interval_millis=d["input"]["frameIntervalMillis"],
        licence=d["licence"],
        notice="\n".join([*notices, note]),
        data=training.get("data", ""),
        command=request.command,
        metrics={"original": training.get("metrics", {})},
        background=d["background"],
        activation=d["activation"],
        temperature=d["temperature"],
        thresholds=d["thresholds"],
        events=d.get("events"),
    )


def _sequences(bundle: Bundle, request: Request) -> list[Sequence]:
    if request.samples:
        return request.samples
    elapsed = np.full(len(request.frames), interval_of(bundle), np.float32)
    elapsed[:1] = 0
    return [Sequence("calibration", request.frames, elapsed)]


def _accuracy(
    candidate: Bundle, request: Request, form: str, before: list[np.ndarray]
) -> tuple[float, float]:
    """Shares of right labels of both, or 1 and the share on which both agree."""
    sequences = _sequences(candidate, request)
    bar = tqdm(sequences, desc=f"score {form}", unit="clip", mininterval=2, disable=None)
    after = [top(candidate, s) for s in bar]
    was, now = np.concatenate(before), np.concatenate(after)
    if not request.samples:
        return 1.0, float(np.mean(now == was))
    truth = np.concatenate([s.labels for s in request.samples if s.labels is not None])
    return float(np.mean(was == truth)), float(np.mean(now == truth))


def top(bundle: Bundle, sequence: Sequence) -> np.ndarray:
    """Top label of each frame [T], the state carried from the initial one; side features are 0."""
    size = 0 if bundle.contract.auxiliary is None else bundle.contract.auxiliary["size"]
    auxiliary = np.zeros((1, size), np.float32)
    states = bundle.initial_states()
    found = []
    for frame, elapsed in zip(sequence.frames, sequence.elapsed, strict=True):
        features = bundle.encode(frame[None])
        if not np.isfinite(features).all():
            raise CheckFailedError(f"{sequence.name}: the encoder gives features that overflow")
        logits, states = bundle.step(features, states, np.array([[elapsed]]), auxiliary)
        found.append(int(logits[0].argmax()))
    return np.array(found)


def _write(
    bundle: Bundle, candidate: Bundle, target: Path, request: Request, result: Result
) -> None:
    real = np.concatenate([golden.pixels(bundle), request.frames])
    specification = _specification(bundle, request)
    specification = replace(
        specification,
        metrics=specification.metrics | {"quantisation": result.as_dict()},
        tolerance=rounding.tolerance(candidate, real, request.kind),
    )
    writing.write_bundle(
        writing.Parts(
            candidate.folder / "encoder.onnx",
            candidate.folder / "step.onnx",
            specification,
            border=_border(bundle.contract),
        ),
        target,
        real,
        [golden.stored_shots(bundle)],
    )
