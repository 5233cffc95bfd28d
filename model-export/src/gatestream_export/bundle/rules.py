"""What model.json may hold, as strictly as the application reads it."""

from __future__ import annotations

import copy
import math
import re
from typing import Any

from gatestream_export.errors import CheckFailedError
from gatestream_export.picture.names import INTERPOLATIONS, MODES

FORMAT = 1
TEMPERATURES = (0.001, 1000.0)
LARGEST_SIDE = 16_384
LARGEST_INTERVAL = 86_400_000
LARGEST_BATCH = 4_096
MOST_VALUES = 1 << 24
DEFAULT_TOLERANCE = {"pixels": 1, "features": 0.01, "logits": 0.001}


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """A copy with every optional field that is absent at its default."""
    whole = copy.deepcopy(document)
    for name, value in (("background", None), ("thresholds", {}), ("attribution", [])):
        whole[name] = value if whole.get(name) is None else whole[name]
    whole.setdefault("minimumReaderFormat", whole.get("format"))
    whole["tolerance"] = whole.get("tolerance") or dict(DEFAULT_TOLERANCE)
    whole.setdefault("training", {})
    for part in ("encoder", "step"):
        whole[part].setdefault("bitEqualBatchSizes", [1])
    step = whole["step"]
    step["elapsed"], step["auxiliary"] = step.get("elapsed"), step.get("auxiliary")
    for state in step["states"]:
        state.setdefault("initial", None)
    resize = whole["input"]["resize"]
    resize.setdefault("letterboxColour", [0, 0, 0])
    resize.setdefault("regionOfInterest", None)
    resize.setdefault("reducedScaleJpeg", False)
    return whole


def check_format(document: dict[str, Any]) -> None:
    """Refuses another format, before anything else is read of it."""
    found = document["format"]
    minimum = document.get("minimumReaderFormat", found)
    if found != FORMAT or minimum != FORMAT or bool in (type(found), type(minimum)):
        raise CheckFailedError(
            f"format {found!r} with minimumReaderFormat {minimum!r}, this program knows {FORMAT}"
        )


def check(document: dict[str, Any]) -> None:
    """Checks what is neither a tensor nor a state; the document is completed.

    Raises:
        CheckFailedError: the first thing that is not as docs/bundle.md has it.
        KeyError: a field is absent.
    """
    for name in ("name", "version", "licence"):
        _text(name, document[name])
    _labels(document)
    temperature = document["temperature"]
    low, high = TEMPERATURES
    if not _number(temperature) or not low <= temperature <= high:
        raise CheckFailedError(f"temperature {temperature!r}, wanted {low:g} to {high:g}")
    _input(document["input"])
    tolerance = document["tolerance"]
    _whole("tolerance.pixels", tolerance["pixels"], 0, 255)
    for name in ("features", "logits", *({"exact", "parity"} & set(tolerance))):
        if not _number(tolerance[name]) or tolerance[name] < 0:
            raise CheckFailedError(f"tolerance.{name} {tolerance[name]!r}, wanted 0 or more")
    for part in ("encoder", "step"):
        _graph(part, document[part])
    for notice in document["attribution"]:
        _inside("attribution", notice)


def _labels(document: dict[str, Any]) -> None:
    labels = document["labels"]
    if not isinstance(labels, list) or not labels or len(set(labels)) != len(labels):
        raise CheckFailedError(f"labels must be one or more different names, not {labels}")
    for label in labels:
        _text("a label", label)
    if document["background"] is not None and document["background"] not in labels:
        raise CheckFailedError(f"background {document['background']!r} is not a label")
    if document["activation"] not in ("softmax", "sigmoid"):
        raise CheckFailedError(f"activation {document['activation']!r}, wanted softmax or sigmoid")
    thresholds = document["thresholds"]
    if set(thresholds) - set(labels) or (thresholds and document["activation"] != "sigmoid"):
        raise CheckFailedError(f"thresholds {thresholds} need sigmoid and known labels")
    if not all(_number(v) and 0 <= v <= 1 for v in thresholds.values()):
        raise CheckFailedError(f"thresholds {thresholds}, wanted scores from 0 to 1")


def _input(picture: dict[str, Any]) -> None:
    _whole("input.width", picture["width"], 1, LARGEST_SIDE)
    _whole("input.height", picture["height"], 1, LARGEST_SIDE)
    _whole("input.frameIntervalMillis", picture["frameIntervalMillis"], 0, LARGEST_INTERVAL)
    if picture["colour"] != "RGB":
        raise CheckFailedError(f"colour {picture['colour']!r}, wanted RGB")
    resize = picture["resize"]
    if resize["mode"] not in MODES or resize["interpolation"] not in INTERPOLATIONS:
        raise CheckFailedError(
            f"resize {resize['mode']!r}, {resize['interpolation']!r}: wanted one of"
            f" {', '.join(MODES)} and of {', '.join(INTERPOLATIONS)}"
        )
    colour = resize["letterboxColour"]
    if len(colour) != 3:
        raise CheckFailedError(f"resize.letterboxColour {colour}, wanted three levels")
    for level in colour:
        _whole("a level of resize.letterboxColour", level, 0, 255)
    if not isinstance(resize["reducedScaleJpeg"], bool):
        raise CheckFailedError(f"resize.reducedScaleJpeg {resize['reducedScaleJpeg']!r}")
    region = resize["regionOfInterest"]
    if region is not None:
        x, y, width, height = (region[k] for k in ("x", "y", "width", "height"))
        if not (
            all(map(_number, (x, y, width, height)))
            and x >= 0 <= y
            and width > 0 < height
            and x + width <= 1 >= y + height
        ):
            raise CheckFailedError(f"resize.regionOfInterest {region} is not inside the frame")


def _graph(part: str, graph: dict[str, Any]) -> None:
    _inside(f"{part}.file", graph["file"])
    if not isinstance(graph["sha256"], str) or not re.fullmatch("[0-9a-f]{64}", graph["sha256"]):
        raise CheckFailedError(
            f"{part}.sha256 {graph['sha256']!r}, wanted 64 lower-case hex digits"
        )
    sizes = graph["bitEqualBatchSizes"]
    for size in sizes:
        _whole(f"a size of {part}.bitEqualBatchSizes", size, 1, LARGEST_BATCH)
    if sorted(set(sizes) | {1}) != sorted(sizes):
        raise CheckFailedError(f"{part}.bitEqualBatchSizes {sizes}, wanted 1 and each size once")


def _inside(what: str, name: Any) -> None:
    _text(what, name)
    if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name):
        raise CheckFailedError(f"{what} {name!r} lies outside the bundle")


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _text(what: str, value: Any) -> None:
    if not isinstance(value, str) or not value.strip():
        raise CheckFailedError(f"{what} {value!r}, wanted a text that is not empty")


def _whole(what: str, value: Any, low: int, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise CheckFailedError(f"{what} {value!r}, wanted a whole number from {low} to {high}")


def check_unique(what: str, names: list[str]) -> None:
    """Refuses a tensor name that is used twice."""
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise CheckFailedError(f"{what} use the names {twice} twice: each name once")
