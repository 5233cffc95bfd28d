"""The default model, end to end: render, train, score on unseen photographs, write the bundle."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import torch
from tqdm import tqdm

from gatestream_export.bundle import golden, writing
from gatestream_export.bundle.golden import Shot
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.bundle.specification import Specification
from gatestream_export.nets.recurrent import Step
from gatestream_export.objectmotion import clips, evaluation, photographs, scenes, training
from gatestream_export.objectmotion.clips import Clips, ClipSet
from gatestream_export.objectmotion.folding import folded
from gatestream_export.objectmotion.motion import (
    FRAMES_PER_SECOND,
    INPUT_SIZE,
    LABELS,
    plan_motion,
)
from gatestream_export.objectmotion.network import MotionNetworks, new_networks
from gatestream_export.picture.resize import ResizeRule
from gatestream_export.training.recipe import Recipe

VERSION = "1.0.0"
DATA_SEED = 1
TEST_FRAMES = 2000
GOLDEN_SEED = 300
PNG_FRAMES = (3, 8)
ODD_SIZE_FRAMES = (5, 8, 10)
ODD_SIZE = (200, 150)
EVEN_SIZE = (128, 128)

# Found on the clips of `write-samples --split validation` by
# `gatestream evaluate --tune-events --start-delay 0.5`; to be found again for another model.
EVENTS = {
    "smoothingMillis": 0,
    "enter": 0.4,
    "enterMillis": 300,
    "exit": 0.4,
    "exitMillis": 200,
    "leastMillis": 0,
    "mergeMillis": 1000,
    "updateMillis": 0,
    "idleMillis": 30000,
}


@dataclass(frozen=True)
class Plan:
    """The sizes of a run. `SMOKE` is for tests: seconds, wheels' images only, a useless model."""

    train: ClipSet
    validation: ClipSet
    test: ClipSet
    test_jpeg: ClipSet
    cycles: tuple[Recipe, ...]
    """Of the cosine rate, one after the other."""
    wheels_only: bool = False


FULL = Plan(
    train=ClipSet("train", 800, 400, DATA_SEED),
    validation=ClipSet("validation", 12, 600, DATA_SEED),
    test=ClipSet("test", 28, TEST_FRAMES, DATA_SEED),
    test_jpeg=ClipSet("test", 14, TEST_FRAMES, DATA_SEED, jpeg_quality=60),
    cycles=(Recipe(steps=2200), Recipe(steps=1600, rate=1.5e-3)),
)
SMOKE = Plan(
    train=ClipSet("train", 6, 60, DATA_SEED, wheels_only=True),
    validation=ClipSet("validation", 2, 40, DATA_SEED, wheels_only=True),
    test=ClipSet("test", 3, 60, DATA_SEED, wheels_only=True),
    test_jpeg=ClipSet("test", 3, 60, DATA_SEED, wheels_only=True, jpeg_quality=60),
    cycles=(
        Recipe(steps=4, lanes=4, warm_up=1, threads=1),
        Recipe(steps=2, lanes=4, warm_up=1, threads=1),
    ),
    wheels_only=True,
)


def plan(smoke: bool) -> Plan:
    """The tests' tiny run, or the one that made the shipped model."""
    return SMOKE if smoke else FULL


@dataclass(frozen=True)
class Run:
    """Where a run reads and writes."""

    output: Path
    work: Path
    photographs: Path
    processes: int = 2
    seed: int = 1
    weights: Path | None = None


def score_model(networks: MotionNetworks, plan: Plan, run: Run) -> dict:
    """Scores the torch networks on the test streams, memoryless head included."""
    test = clips.prepare(plan.test, run.photographs, run.work, run.processes)
    jpeg = clips.prepare(plan.test_jpeg, run.photographs, run.work, run.processes)
    metrics = evaluation.evaluate(networks, test).as_dict()
    metrics["settledAccuracyJpegQuality60"] = round(evaluation.evaluate(networks, jpeg).settled, 4)
    metrics["testPhotographs"] = len(set(test.scene))
    metrics["testFrames"] = int(test.label.size)
    return metrics


def score_bundle(
    bundle: Bundle, plan: Plan, run: Run
) -> tuple[evaluation.Scores, evaluation.Scores]:
    """Scores the bundle's graphs on the test streams: through H.264, and through JPEG q60 too."""
    results = []
    for clip_set in (plan.test, plan.test_jpeg):
        data = clips.prepare(clip_set, run.photographs, run.work, run.processes)
        results.append(evaluation.score(data, predict(bundle, data)))
    return results[0], results[1]


def predict(bundle: Bundle, data: Clips) -> np.ndarray:
    """Labels [N,T] of all streams, advanced together from the initial state."""
    streams, length = data.label.shape
    states = bundle.initial_states(streams)
    predicted = np.empty((streams, length), np.int64)
    for t in tqdm(range(length), desc="score", unit="frame", mininterval=5):
        features = bundle.encode(np.ascontiguousarray(data.frames[:, t]))
        logits, states = bundle.step(features, states)
        predicted[:, t] = logits.argmax(axis=1)
    return predicted


def _shot(index: int, picture: np.ndarray) -> Shot:
    size = ODD_SIZE if index in ODD_SIZE_FRAMES else EVEN_SIZE
    picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return Shot(picture, "PNG" if index in PNG_FRAMES else "JPEG")


def golden_candidates(plan: Plan, run: Run) -> list[list[Shot]]:
    """Short runs of large frames over test photographs of the freest licences."""
    free = [
        p
        for p in photographs.of_split("test", plan.wheels_only)
        if p.licence in ("CC0-1.0", "public domain")
    ]
    digits = scenes.digit_masks("test")
    runs = []
    for index in range(3 if plan.wheels_only else 60):
        rng = np.random.default_rng([GOLDEN_SEED, index])
        picture = photographs.load(free[index % len(free)], run.photographs)
        plan_ = plan_motion(14, rng)
        scene = scenes.background([picture], 0, 256, 256, scenes.PLAIN_STYLE, rng)
        pictures = scenes.render(plan_, scene, digits, scenes.PLAIN_STYLE, rng)
        runs.append([_shot(i, p) for i, p in enumerate(islice(pictures, golden.FRAMES))])
    return runs


def train_and_export(plan: Plan, run: Run, command: str) -> Bundle:
    """The whole run; `run.weights` skips training and exports those weights."""
    for split in ("train", "validation", "test"):
        photographs.require(photographs.of_split(split, plan.wheels_only), run.photographs)
    run.work.mkdir(parents=True, exist_ok=True)
    networks = new_networks(run.seed)
    if run.weights is not None:
        networks.load(torch.load(run.weights, weights_only=True))
        networks.eval()
    else:
        data = clips.prepare(plan.train, run.photographs, run.work, run.processes)
        validation = clips.prepare(plan.validation, run.photographs, run.work, run.processes)
        for cycle, recipe in enumerate(plan.cycles):
            training.train(
                networks,
                data,
                validation,
                replace(recipe, seed=run.seed, every=max(1, recipe.steps // 6)),
                cycle,
                weights=run.work / f"weights-seed{run.seed}-cycle{cycle}.pt",
            )
    metrics = score_model(networks, plan, run)
    metrics["seed"] = run.seed
    specification = Specification(
        name="object-motion",
        version=VERSION,
        labels=LABELS,
        resize=ResizeRule(INPUT_SIZE, INPUT_SIZE),
        frame_interval_millis=1000 // FRAMES_PER_SECOND,
        licence="Apache-2.0",
        data=(
            "scikit-learn handwritten digits moving over photographs of scikit-image, scikit-learn"
            " and Debian wallpaper packages (NOTICE.md), rendered at 128x128 and other sizes,"
            f" through H.264, {plan.train.clips * plan.train.frames} training frames"
        ),
        command=command,
        metrics=metrics,
        events=dict(EVENTS),
        notice=notice(),
    )
    test = clips.prepare(plan.test, run.photographs, run.work, run.processes)
    parts = writing.Parts(
        folded(networks.encoder),
        Step(networks.recurrent),
        specification,
        reference_encoder=networks.encoder,
    )
    return writing.write_bundle(parts, run.output, test.frames[0], golden_candidates(plan, run))


def notice() -> str:
    """NOTICE.md of the bundle: licence, data and one line a photograph."""
    rows = "\n".join(
        f"| {p.name} | {p.author} | {p.licence} | {p.package or p.path.split(':')[0]} |"
        f" {p.split}{' (illustration)' if p.illustration else ''} |"
        for p in PHOTOGRAPHS_SORTED
    )
    return f"""# object-motion

What the thing in front of a fixed camera does: {", ".join(LABELS)}.

Licence of the model and of this folder: Apache-2.0, except the golden frames, which show CC0-1.0
or public-domain photographs and may be used like these. The photographs themselves are not part of
the bundle.

## Training data

Moving things: scikit-learn's copy of the test part of "Optical Recognition of Handwritten Digits",
UCI Machine Learning Repository, E. Alpaydin and C. Kaynak, CC-BY-4.0. Split by image.

Backgrounds, split by photograph. All were cropped, rescaled and, for training, blended and
recoloured. For plasma-workspace-wallpapers Debian states GPL-2+ for the whole package (KDE Visual
Design Group); the table gives what each picture's own metadata states.

| Picture | Author | Licence | Source | Side of the split |
|---|---|---|---|---|
{rows}
"""


PHOTOGRAPHS_SORTED = tuple(
    sorted(photographs.PHOTOGRAPHS, key=lambda p: (p.split, p.package or "", p.name))
)
