"""Holds the labels of `./gatestream run` against the torch network of the training run.

After `./gatestream run --model BUNDLE` of a run, `ingest` of the clips at their own rate and
JPEG quality, each once, and `labels --format json > labels.jsonl`:

    PYTHONPATH=model-export/src "$(model-export/setup-venv)/bin/python" \\
        integration-tests/measure/labels_against_training.py RUN labels.jsonl STREAM=CLIP...

Exit code 1 where the frames or top labels differ, or a score by more than 0.001.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from gatestream_export.data.decoding import VideoFile
from gatestream_export.data.framestore import streams
from gatestream_export.nets.onnx_encoder import OnnxEncoder
from gatestream_export.nets.recurrent import Recurrent
from gatestream_export.training import evaluation, session
from gatestream_export.training.networks import Networks
from gatestream_export.training.run import RunFolder

LARGEST = 0.001


class Offline:
    """The best weights of a run, as the training holds them."""

    def __init__(self, run: RunFolder) -> None:
        self.settings, found = run.settings(), run.found()
        self.labels = found.labels
        if run.file("encoder.onnx").is_file():
            onnx = OnnxEncoder(run.file("encoder.onnx"))
            module, features, self.encode = None, onnx.features, onnx.encode
        else:
            encoder = session.architecture(self.settings)
            module, features = encoder.module, encoder.features
            if self.settings.frozen:
                module.load_state_dict(torch.load(run.file("encoder.pt"), weights_only=True))
            self.encode = lambda frames: module(torch.from_numpy(frames)).numpy()
        recurrent = Recurrent(session.shape(self.settings, found, features))
        self.networks = Networks(None if self.settings.frozen else module, recurrent)
        self.networks.load(run.best()[0])
        self.networks.eval()
        if module is not None:
            module.eval()

    def scores(self, clip: Path) -> tuple[list[int], np.ndarray]:
        """Microseconds and scores [T,C] of the frames that training takes of a clip."""
        s = self.settings
        video = VideoFile(clip, s.interval_millis * 1000, jpeg_quality=s.jpeg_quality)
        micros, frames = zip(*((p.micros, s.resize.apply(p.rgb)) for p in video), strict=True)
        parts = streams(
            clip.name,
            clip.name,
            np.stack(frames),
            np.array(micros),
            np.zeros(len(micros), np.int64),
        )
        with torch.no_grad():
            if s.frozen:
                parts = [replace(p, inputs=self._features(p.inputs)) for p in parts]
            logits = np.concatenate(evaluation.logits(self.networks, parts))
        return list(micros), torch.softmax(torch.from_numpy(logits), 1).numpy()

    def _features(self, frames: np.ndarray) -> np.ndarray:
        pieces = (frames[i : i + 16] for i in range(0, len(frames), 16))
        return np.concatenate([self.encode(np.ascontiguousarray(p)) for p in pieces])


def main(run: str, labels: str, *pairs: str) -> int:
    """Prints a line for each clip; the exit code."""
    offline = Offline(RunFolder.existing(Path(run)))
    said = [json.loads(line) for line in Path(labels).read_text(encoding="utf-8").splitlines()]
    wrong = False
    for name, _, clip in (pair.partition("=") for pair in pairs):
        here = [label for label in said if label["streamId"] == name]
        micros, expected = offline.scores(Path(clip))
        if [label["sourceTime"] for label in here] != micros:
            print(f"{name}: {len(micros)} frames in training, {len(here)} labels, or other times")
            wrong = True
            continue
        scores = [{s["label"]: s["score"] for s in label["scores"]} for label in here]
        found = np.array([[score[label] for label in offline.labels] for score in scores])
        same = int((found.argmax(1) == expected.argmax(1)).sum())
        largest = float(np.abs(found - expected).max())
        print(f"{name}: {same} of {len(here)} top labels equal, largest difference {largest:.2g}")
        wrong = wrong or same < len(here) or largest > LARGEST
    return int(wrong)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
