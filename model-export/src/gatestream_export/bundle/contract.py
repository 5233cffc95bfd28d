"""The bundle's contract (docs/bundle.md), as frozen records that refuse what is not valid."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatestream_export.bundle import rules
from gatestream_export.errors import CheckFailedError, UsageError

FORMAT = rules.FORMAT
BATCHES = (1, 2, 3, 4, 8, 16, 32, 64)


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
        if not 1 <= len(self.shape) <= 8 or not 1 <= size <= rules.MOST_VALUES:
            raise CheckFailedError(
                f"state {self.input}: shape {list(self.shape)}, wanted 1 to 8 sizes and at most"
                f" {rules.MOST_VALUES} values"
            )
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


def parse(document: dict[str, Any]) -> Contract:
    """Checks a model.json and gives its typed form."""
    try:
        rules.check_format(document)
        document = rules.completed(document)
        rules.check(document)
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
    except KeyError as missing:
        raise CheckFailedError(f"model.json lacks {missing}") from missing
    except (TypeError, AttributeError, ValueError) as wrong:
        raise CheckFailedError(f"model.json has a value of a wrong type: {wrong}") from wrong
    _check_tensors(contract)
    return contract


def _check_tensors(contract: Contract) -> None:
    if len(contract.frames.shape) == 5:
        raise CheckFailedError(
            f"encoder input {contract.frames}, a clip of several frames: format 1 takes one frame"
            " an encoder call"
        )
    wanted = (-1, contract.height, contract.width, 3)
    if contract.frames.shape != wanted or contract.frames.type != "uint8":
        raise CheckFailedError(f"encoder input {contract.frames}, wanted uint8 {list(wanted)}")
    if contract.encoder_features.shape != contract.step_features.shape:
        raise CheckFailedError(
            f"encoder gives {contract.encoder_features.shape},"
            f" step takes {contract.step_features.shape}"
        )
    for tensor in (contract.encoder_features, contract.step_features, contract.logits):
        if tensor.type != "float32" or len(tensor.shape) != 2:
            raise CheckFailedError(f"{tensor}, wanted float32 [-1, n]")
    if contract.logits.shape != (-1, len(contract.labels)):
        raise CheckFailedError(
            f"logits {list(contract.logits.shape)} for {len(contract.labels)} labels"
        )
    extras = [] if contract.elapsed is None else [contract.elapsed]
    if contract.auxiliary is not None:
        extras.append(contract.auxiliary["name"])
        if not isinstance(contract.auxiliary["size"], int) or contract.auxiliary["size"] < 1:
            raise CheckFailedError(f"auxiliary {contract.auxiliary}, wanted a size of 1 or more")
    inputs = [contract.step_features.name, *(s.input for s in contract.states), *extras]
    rules.check_unique("step inputs", inputs)
    rules.check_unique("step outputs", [contract.logits.name, *(s.output for s in contract.states)])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"it gives {sorted({n for n in names if names.count(n) > 1})} twice")
    return found


def load(bundle: Path) -> Contract:
    """Reads and checks the model.json of a bundle folder."""
    file = bundle / "model.json"
    if not bundle.is_dir():
        raise UsageError(f"no such bundle folder: {bundle}")
    if not file.is_file():
        raise UsageError(f"{bundle} is not a model bundle: it has no model.json")
    try:
        document = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=_once)
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
