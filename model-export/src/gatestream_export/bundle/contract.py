"""The bundle's contract (docs/bundle.md), as frozen records that refuse what is not valid."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatestream_export.errors import CheckFailedError, UsageError

FORMAT = 1
BATCHES = (1, 2, 3, 4, 8, 16, 32, 64)
RESIZE_MODES = ("stretch", "letterbox", "centre-crop")
INTERPOLATIONS = ("nearest", "linear", "cubic", "area")


@dataclass(frozen=True)
class Tensor:
    """A tensor at the border of a graph; -1 is the dynamic batch."""

    name: str
    type: str
    shape: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.name:
            raise CheckFailedError("a tensor has an empty name")
        if self.type not in ("uint8", "float32"):
            raise CheckFailedError(f"tensor {self.name}: type {self.type!r}, not uint8 or float32")
        if len(self.shape) < 2 or self.shape[0] != -1 or any(d < 1 for d in self.shape[1:]):
            raise CheckFailedError(f"tensor {self.name}: shape {self.shape}, wanted [-1, n, ...]")

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {"name": self.name, "type": self.type, "shape": list(self.shape)}


@dataclass(frozen=True)
class StateTensor:
    """One hidden state: its input and output name and its shape without the batch."""

    input: str
    output: str
    shape: tuple[int, ...]
    initial: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        size = 1
        for d in self.shape:
            size *= d
        if self.initial is not None and len(self.initial) != size:
            raise CheckFailedError(
                f"state {self.input}: {len(self.initial)} initial values for shape {self.shape}"
            )

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "input": self.input,
            "output": self.output,
            "shape": list(self.shape),
            "initial": None if self.initial is None else list(self.initial),
        }


@dataclass(frozen=True)
class Contract:
    """What `verify` needs of model.json; `document` is the whole of it."""

    document: dict[str, Any]
    labels: tuple[str, ...]
    width: int
    height: int
    frames: Tensor
    encoder_features: Tensor
    step_features: Tensor
    logits: Tensor
    states: tuple[StateTensor, ...]
    elapsed: str | None
    auxiliary: dict[str, Any] | None


def sha256(path: Path) -> str:
    """Lower-case hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _tensor(value: dict[str, Any]) -> Tensor:
    return Tensor(value["name"], value["type"], tuple(value["shape"]))


def _state(value: dict[str, Any]) -> StateTensor:
    initial = value["initial"]
    return StateTensor(
        value["input"],
        value["output"],
        tuple(value["shape"]),
        None if initial is None else tuple(initial),
    )


def _check_document(document: dict[str, Any]) -> None:
    if document["format"] != FORMAT or document["minimumReaderFormat"] > FORMAT:
        raise CheckFailedError(f"format {document['format']}, this program reads {FORMAT}")
    labels = document["labels"]
    if not labels or len(set(labels)) != len(labels):
        raise CheckFailedError(f"labels must be one or more different names, not {labels}")
    if document["background"] is not None and document["background"] not in labels:
        raise CheckFailedError(f"background {document['background']!r} is not a label")
    if document["activation"] not in ("softmax", "sigmoid"):
        raise CheckFailedError(f"activation {document['activation']!r}")
    if not document["temperature"] > 0:
        raise CheckFailedError(f"temperature {document['temperature']}, wanted above 0")
    unknown = set(document["thresholds"]) - set(labels)
    if unknown or (document["thresholds"] and document["activation"] != "sigmoid"):
        raise CheckFailedError(f"thresholds {document['thresholds']} need sigmoid and known labels")
    resize = document["input"]["resize"]
    if resize["mode"] not in RESIZE_MODES or resize["interpolation"] not in INTERPOLATIONS:
        raise CheckFailedError(f"resize {resize['mode']!r}, {resize['interpolation']!r}")
    if document["input"]["colour"] != "RGB":
        raise CheckFailedError(f"colour {document['input']['colour']!r}, wanted RGB")


def parse(document: dict[str, Any]) -> Contract:
    """Checks a model.json and gives its typed form."""
    try:
        _check_document(document)
        encoder, step, picture = document["encoder"], document["step"], document["input"]
        contract = Contract(
            document=document,
            labels=tuple(document["labels"]),
            width=picture["width"],
            height=picture["height"],
            frames=_tensor(encoder["frames"]),
            encoder_features=_tensor(encoder["features"]),
            step_features=_tensor(step["features"]),
            logits=_tensor(step["logits"]),
            states=tuple(_state(s) for s in step["states"]),
            elapsed=step["elapsed"],
            auxiliary=step["auxiliary"],
        )
        for part in (encoder, step):
            if sorted(set(part["bitEqualBatchSizes"]) | {1}) != sorted(part["bitEqualBatchSizes"]):
                raise CheckFailedError(f"bitEqualBatchSizes {part['bitEqualBatchSizes']}")
    except KeyError as missing:
        raise CheckFailedError(f"model.json lacks {missing}") from missing
    except TypeError as wrong:
        raise CheckFailedError(f"model.json has a value of a wrong type: {wrong}") from wrong
    wanted = (-1, contract.height, contract.width, 3)
    if contract.frames.shape != wanted or contract.frames.type != "uint8":
        raise CheckFailedError(f"encoder input {contract.frames}, wanted uint8 {list(wanted)}")
    if contract.encoder_features.shape != contract.step_features.shape:
        raise CheckFailedError(
            f"encoder gives {contract.encoder_features.shape},"
            f" step takes {contract.step_features.shape}"
        )
    if contract.logits.shape != (-1, len(contract.labels)):
        raise CheckFailedError(
            f"logits {list(contract.logits.shape)} for {len(contract.labels)} labels"
        )
    return contract


def load(bundle: Path) -> Contract:
    """Reads and checks the model.json of a bundle folder."""
    file = bundle / "model.json"
    if not bundle.is_dir():
        raise UsageError(f"no such bundle folder: {bundle}")
    if not file.is_file():
        raise UsageError(f"{bundle} is not a model bundle: it has no model.json")
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as broken:
        raise CheckFailedError(f"{file} is not JSON: {broken}") from broken
    if not isinstance(document, dict):
        raise CheckFailedError(f"{file}: wanted a JSON object")
    return parse(document)


def write(document: dict[str, Any], bundle: Path) -> None:
    """Checks and writes model.json."""
    parse(document)
    text = json.dumps(document, indent=2, ensure_ascii=False)
    (bundle / "model.json").write_text(text + "\n", encoding="utf-8")
