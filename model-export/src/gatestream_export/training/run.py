"""The folder of a training run: settings, metrics, curves, checkpoint, weights, what was left out.

settings.json   what the command was started with, written before anything else
data.json       what was found in the data: labels, sizes, validation streams, steps
left-out.txt    a line for each file or row that could not be used, if there is any
metrics.jsonl   a JSON object a line for each validation
curves.png      loss and validation accuracy, drawn from metrics.jsonl
encoder.pt      the weights of a frozen encoder (encoder.onnx: a frozen ONNX encoder)
checkpoint.pt   where training goes on
best.pt         the best weights, written when training has ended
"""

from __future__ import annotations

import fcntl
import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from gatestream_export import files
from gatestream_export.data.sequences import Sequences
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.nets.encoders import FrameEncoder
from gatestream_export.training import curves
from gatestream_export.training.loop import Outcome, train
from gatestream_export.training.networks import Networks
from gatestream_export.training.recipe import Recipe
from gatestream_export.training.settings import Found, Settings, differences

FILES = (
    "settings.json",
    "data.json",
    "left-out.txt",
    "metrics.jsonl",
    "curves.png",
    "encoder.pt",
    "encoder.onnx",
    "checkpoint.pt",
    "best.pt",
)
DRAW_EVERY_SECONDS = 30.0


class RunFolder:
    """One run folder; the only writer of its files but for checkpoint.pt, which the loop writes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._drawn = 0.0

    def file(self, name: str) -> Path:
        """The path of one of FILES."""
        return self.path / name

    @staticmethod
    def start(path: Path, settings: Settings, restart: bool = False) -> RunFolder:
        """Makes a run folder, or goes on with one of the same settings.

        UsageError for a folder of something else and for a run with other settings, which are
        named. `restart` removes the files of an earlier run first, and nothing else; UsageError if
        that run is still going on.
        """
        folder = RunFolder(path)
        if path.exists() and not path.is_dir():
            raise UsageError(f"--output {path} is a file, wanted a folder for the run")
        known = folder.file("settings.json").is_file()
        if known and not folder.begun() and not folder.busy():
            # It never got as far as its data: nothing is lost with its settings.
            folder.file("settings.json").unlink()
            known = False
        if path.is_dir() and not known and any(path.iterdir()):
            raise UsageError(
                f"--output {path} holds files but is no run folder; name a new or an empty one"
            )
        if known and restart:
            with folder.locked():
                for name in FILES:
                    folder.file(name).unlink(missing_ok=True)
        elif known:
            changed = differences(folder.settings(), settings)
            if changed:
                raise UsageError(
                    f"the run in {path} was started with other settings:\n  "
                    + "\n  ".join(changed)
                    + "\nUse the same settings to go on, another --output, or --restart to start"
                    " anew there."
                )
            return folder
        try:
            path.mkdir(parents=True, exist_ok=True)
            folder._write("settings.json", settings.as_dict())
        except OSError as refused:
            raise UsageError(f"--output {path} cannot be written: {refused.strerror}") from refused
        return folder

    def abandon(self) -> None:
        """Removes what `start` made, unless the run has read its data or another one is in it."""
        if self.begun() or self.busy():
            return
        self.file("settings.json").unlink(missing_ok=True)
        if self.path.is_dir() and not any(self.path.iterdir()):
            self.path.rmdir()

    @staticmethod
    def existing(path: Path) -> RunFolder:
        """A run folder that `train` wrote; UsageError if it is none."""
        folder = RunFolder(path)
        if not folder.file("settings.json").is_file():
            raise UsageError(f"{path} is no run folder of `train`: it has no settings.json")
        return folder

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps a second process from training here; UsageError if one does already."""
        with self.file("settings.json").open() as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UsageError(f"another `train` is running in {self.path}") from None
            yield

    def begun(self) -> bool:
        """Whether the run got as far as its data."""
        return self.file("data.json").is_file() or self.file("checkpoint.pt").is_file()

    def busy(self) -> bool:
        """Whether a process trains here now."""
        try:
            with self.locked():
                return False
        except (OSError, UsageError):
            return True

    def settings(self) -> Settings:
        """What the run was started with."""
        return Settings.from_dict(self._read("settings.json"))

    def found(self) -> Found:
        """What the run found in its data."""
        if not self.file("data.json").is_file():
            raise UsageError(f"{self.path} has not begun to train: run `train` with it first")
        return Found.from_dict(self._read("data.json"))

    def remember(self, found: Found) -> None:
        """Writes data.json and left-out.txt; refuses data that is not what the run began with."""
        if self.file("data.json").is_file():
            before = self.found()
            if before.digest != found.digest:
                raise UsageError(
                    f"the data changed since the run in {self.path} was started:"
                    f" {before.sizes()} then, {found.sizes()} now;"
                    " another --output or --restart trains on what is there now"
                )
            return
        self._write("data.json", asdict(found))
        if found.left_out:
            text = "\n".join(found.left_out) + "\n"
            self.file("left-out.txt").write_text(text, encoding="utf-8")

    def checkpoint(self) -> dict[str, Any] | None:
        """What the last checkpoint holds, None before the first; UsageError if it is damaged."""
        file = self.file("checkpoint.pt")
        if not file.is_file():
            return None
        try:
            return torch.load(file, weights_only=True)
        except Exception as broken:  # torch.load raises anything for a damaged file.
            raise UsageError(f"{file} cannot be read ({broken}); --restart starts anew") from broken

    def step(self) -> int:
        """The step from which training goes on, 0 before the first checkpoint."""
        saved = self.checkpoint()
        return 0 if saved is None else saved["step"]

    def best(self) -> tuple[dict[str, Any], int, float, bool]:
        """Weights by part, their step and validation accuracy, and whether training had ended."""
        if self.file("best.pt").is_file():
            saved = torch.load(self.file("best.pt"), weights_only=True)
            return saved["weights"], saved["step"], saved["score"], True
        checkpoint = self.checkpoint()
        if checkpoint is None or checkpoint["best"] is None:
            raise UsageError(f"{self.path} has no weights yet: let `train` reach a validation")
        score, step, weights = checkpoint["best"]
        return weights, step, score, False

    def train(
        self,
        networks: Networks,
        training: Sequences,
        validation: Sequences | None,
        recipe: Recipe,
    ) -> Outcome:
        """Trains, or goes on; leaves metrics, curves and best weights, curves also when stopped."""
        before = self.checkpoint()
        history = [] if before is None else before["history"]
        # Validations after the checkpoint, if any, come again.
        lines = "".join(json.dumps(entry) + "\n" for entry in history)
        self.file("metrics.jsonl").write_text(lines, encoding="utf-8")
        if before is not None:
            print(
                f"going on from step {before['step']} of {recipe.steps} in {self.path}",
                file=sys.stderr,
            )
        try:
            outcome = train(
                networks,
                training,
                validation,
                recipe,
                checkpoint=self.file("checkpoint.pt"),
                metrics=self._record,
            )
        finally:
            self._draw()
        best = {
            "weights": networks.weights(),
            "step": outcome.best_step,
            "score": outcome.best_score,
        }
        with files.whole(self.file("best.pt")) as part:
            torch.save(best, part)
        return outcome

    def keep_encoder(self, encoder: FrameEncoder) -> None:
        """Stores a frozen encoder, so that an export needs nothing from outside the folder."""
        if encoder.module is not None:
            torch.save(encoder.module.state_dict(), self.file("encoder.pt"))
        elif encoder.file is not None:
            shutil.copyfile(encoder.file, self.file("encoder.onnx"))

    def _record(self, entry: dict[str, Any]) -> None:
        with self.file("metrics.jsonl").open("a", encoding="utf-8") as out:
            out.write(json.dumps(entry) + "\n")
        if time.monotonic() - self._drawn > DRAW_EVERY_SECONDS:
            self._draw()

    def _draw(self) -> None:
        curves.draw(self.file("metrics.jsonl"), self.file("curves.png"), self.path.name)
        self._drawn = time.monotonic()

    def _write(self, name: str, values: dict[str, Any]) -> None:
        text = json.dumps(values, indent=2, ensure_ascii=False)
        files.write_text(self.file(name), text + "\n")

    def _read(self, name: str) -> dict[str, Any]:
        try:
            values = json.loads(self.file(name).read_text(encoding="utf-8"))
        except ValueError as broken:
            raise CheckFailedError(f"{self.file(name)} is broken: {broken}") from broken
        if not isinstance(values, dict):
            raise CheckFailedError(f"{self.file(name)}: wanted a JSON object")
        return values
