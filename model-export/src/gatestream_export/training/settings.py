"""What a run was started with and what it found in its data, as its folder keeps them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatestream_export.errors import CheckFailedError
from gatestream_export.picture.resize import ResizeRule
from gatestream_export.training.recipe import Recipe

FOLLOWS = ("recipe.warm_up",)
"""Settings that follow from others and have no option."""


@dataclass(frozen=True)
class Settings:
    """The settings of one `train` command, `settings.json` of the run folder.

    Files and folders are absolute. `digests` has the SHA-256 of each file among them, so that a run
    never goes on with other weights or annotations under the same name. `epochs` replaces
    `recipe.steps`, which then follows from the data.
    """

    data: str | None
    annotations: str | None
    resize: ResizeRule
    recipe: Recipe
    auxiliary: str | None = None
    interval_millis: int = 100
    jpeg_quality: int | None = 85
    validation: float = 0.2
    encoder: str = "three-convolutions"
    weights: str | None = None
    frozen: bool = False
    features: str | None = None
    cell: str = "gru"
    hidden: int = 128
    layers: int = 1
    dropout: float = 0.2
    elapsed: bool = False
    epochs: float | None = None
    digests: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def source(self) -> Path:
        """The folder of clips, or the annotations file."""
        return Path(self.data or self.annotations or "")

    def as_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_dict(values: dict[str, Any]) -> Settings:
        """Reads the JSON form; CheckFailedError where it is not one."""
        try:
            resize: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value
                for key, value in values["resize"].items()
            }
            rest = {k: v for k, v in values.items() if k not in ("resize", "recipe")}
            return Settings(resize=ResizeRule(**resize), recipe=Recipe(**values["recipe"]), **rest)
        except (KeyError, TypeError, AttributeError) as broken:
            raise CheckFailedError(f"settings.json is not one of this version: {broken}") from None


@dataclass(frozen=True)
class Found:
    """What the data turned out to hold; `data.json`. `digest` is over names, labels and times."""

    labels: tuple[str, ...]
    background: str | None
    recipe: Recipe
    auxiliary: int
    training: dict[str, int]
    validation: dict[str, int]
    """Frames of each stream by its name."""
    digest: str
    left_out: tuple[str, ...] = ()

    @staticmethod
    def from_dict(values: dict[str, Any]) -> Found:
        """Reads the JSON form."""
        try:
            plain = {**values, "recipe": Recipe(**values["recipe"])}
            for name in ("labels", "left_out"):
                plain[name] = tuple(values[name])
            return Found(**plain)
        except (KeyError, TypeError) as broken:
            raise CheckFailedError(f"data.json is not one of this version: {broken}") from None

    def sizes(self) -> str:
        """How much data there is, in words."""
        streams = len(self.training) + len(self.validation)
        frames = sum(self.training.values()) + sum(self.validation.values())
        return f"{streams} clips of {frames} frames, {len(self.labels)} labels"


def differences(before: Settings, now: Settings) -> list[str]:
    """One line for each setting that is not the same, named as the option that sets it."""
    found = []
    old, new = _flat(before.as_dict()), _flat(now.as_dict())
    for key in sorted(set(old) | set(new)):
        if old.get(key) == new.get(key) or key in FOLLOWS:
            continue
        if key.startswith("digests.") and key in old and key in new:
            found.append(f"{_option(key)} is not what it was")
        elif not key.startswith("digests."):
            found.append(f"{_option(key)}: {_said(old.get(key))} then, {_said(new.get(key))} now")
    return found


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = list(value) if isinstance(value, tuple) else value
    return flat


def _option(key: str) -> str:
    part, _, name = key.rpartition(".")
    if part == "digests":
        return f"the content of --{name}"
    if key in ("resize.width", "resize.height"):
        return f"--size ({name})"
    known = {
        "resize.mode": "resize",
        "frozen": "freeze",
        "jpeg_quality": "jpeg",
        "recipe.loss_last": "loss-last",
        "resize.region": "region",
    }
    return "--" + known.get(key, name).replace("_", "-")


def _said(value: Any) -> str:
    return "not given" if value is None else str(value)
