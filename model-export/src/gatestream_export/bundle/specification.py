"""What a new bundle says of itself, and the model.json that follows from it and its graphs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from gatestream_export import files
from gatestream_export.bundle import contract
from gatestream_export.picture.resize import ResizeRule


@dataclass(frozen=True)
class Border:
    """The tensors of the two graphs, as docs/bundle.md defines them."""

    frames: contract.Tensor
    features: contract.Tensor
    step_features: contract.Tensor
    logits: contract.Tensor
    states: tuple[contract.StateTensor, ...]
    elapsed: str | None = None
    auxiliary: tuple[str, int] | None = None


@dataclass(frozen=True)
class Tolerance:
    """Levels of decoded pixels; features of their root mean square; logits and states absolute."""

    pixels: int = 1
    features: float = 0.01
    """Features of a decoded frame."""
    logits: float = 0.001
    exact: float = 1e-5
    """Features of the same pixels, in ONNX Runtime on another machine."""
    parity: float = 1e-4
    """Features of the same pixels in torch, without graph optimisations or in another batch."""

    @staticmethod
    def of(document: dict[str, Any]) -> Tolerance:
        """`tolerance` of a model.json, with its defaults."""
        return Tolerance(**{k: v for k, v in document.get("tolerance", {}).items() if k in FIELDS})

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


FIELDS = tuple(f.name for f in fields(Tolerance))


@dataclass(frozen=True)
class Specification:
    """Everything in model.json that does not follow from the graphs."""

    name: str
    version: str
    labels: tuple[str, ...]
    resize: ResizeRule
    frame_interval_millis: int
    licence: str
    notice: str
    data: str
    command: str
    metrics: dict[str, Any]
    background: str | None = None
    activation: str = "softmax"
    temperature: float = 1.0
    thresholds: dict[str, float] = field(default_factory=dict)
    events: dict[str, Any] | None = None
    tolerance: Tolerance = Tolerance()


def document(specification: Specification, border: Border, folder: Path) -> dict[str, Any]:
    """model.json for the graphs in `folder`, bit-equal sizes still at batch 1 only."""
    s = specification
    width, height = s.resize.width, s.resize.height
    events = {} if s.events is None else {"events": s.events}
    return {
        "format": contract.FORMAT,
        "minimumReaderFormat": contract.FORMAT,
        "name": s.name,
        "version": s.version,
        "labels": list(s.labels),
        "background": s.background,
        "activation": s.activation,
        "temperature": s.temperature,
        "thresholds": dict(s.thresholds),
        **events,
        "input": {
            "width": width,
            "height": height,
            "colour": "RGB",
            "frameIntervalMillis": s.frame_interval_millis,
            "resize": s.resize.as_dict(),
        },
        "encoder": {
            "file": "encoder.onnx",
            "sha256": files.sha256(folder / "encoder.onnx"),
            "frames": border.frames.as_dict(),
            "features": border.features.as_dict(),
            "bitEqualBatchSizes": [1],
        },
        "step": {
            "file": "step.onnx",
            "sha256": files.sha256(folder / "step.onnx"),
            "features": border.step_features.as_dict(),
            "logits": border.logits.as_dict(),
            "states": [state.as_dict() for state in border.states],
            "elapsed": border.elapsed,
            "auxiliary": None
            if border.auxiliary is None
            else {"name": border.auxiliary[0], "size": border.auxiliary[1]},
            "bitEqualBatchSizes": [1],
        },
        "tolerance": s.tolerance.as_dict(),
        "licence": s.licence,
        "attribution": ["NOTICE.md"],
        "training": {"data": s.data, "command": s.command, "metrics": dict(s.metrics)},
    }
