"""Systems 1 to 3: classifiers of images, over several seeds, two trainings at a time."""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from gatestream_comparison.cost import compare_costs, export_step, milliseconds
from gatestream_comparison.processes import side_by_side
from gatestream_comparison.settings import Context
from gatestream_export.bundle.graphs import export_module
from gatestream_export.data import image_sets
from gatestream_export.data.image_sets import ImageSet
from gatestream_export.images import systems
from gatestream_export.training.networks import Networks

CIFAR_SYSTEM = "cnn-gru"

Job = tuple[str, int, Path | None, int | None]
"""System, seed, CIFAR-10's folder (None: the digits), steps (None: the system's own)."""


@lru_cache(maxsize=4)
def _data(form: str, cifar10: Path | None) -> ImageSet:
    return image_sets.digit_set(form) if cifar10 is None else image_sets.cifar10_set(cifar10)


def _train(job: Job) -> tuple[Job, dict[str, Any], Networks]:
    name, seed, cifar10, steps = job
    system = systems.SYSTEMS[name]
    data = _data(system.form, cifar10)
    recipe = replace(systems.recipe_for(system, data, seed), threads=1)
    if steps is not None:
        recipe = replace(recipe, steps=steps, warm_up=1)
    started = time.process_time()
    trained = systems.train(system, data, recipe)
    seconds = time.process_time() - started
    facts = {
        "data": data.name,
        "byFrame": list(trained.by_frame),
        "validation": trained.validation,
        "seconds": seconds,
        "parameters": systems.parameters(trained.networks),
        "recipe": asdict(recipe),
        "images": [len(s.streams) for s in (data.training, data.validation, data.test)],
    }
    return job, facts, trained.networks


def run(context: Context) -> dict[str, Any]:
    """Trains every system with every seed on the digits, and on CIFAR-10 where its folder is."""
    s = context.settings
    jobs: list[Job] = [
        (name, seed, None, s.image_steps) for name in systems.SYSTEMS for seed in s.seeds
    ]
    if context.cifar10 is not None:
        jobs += [(CIFAR_SYSTEM, seed, context.cifar10, s.image_steps) for seed in s.few_seeds]
    runs: dict[Job, dict[str, Any]] = {}
    networks: dict[str, Networks] = {}
    with tqdm(total=len(jobs), desc="images", unit="fit", mininterval=1) as bar:
        for job, facts, trained in side_by_side(_train, jobs, context.processes):
            runs[job] = facts
            if job[2] is None:
                networks.setdefault(job[0], trained)
            bar.update()
    costs = image_costs(networks, s.latency_rounds)
    found: dict[str, Any] = {}
    for job in jobs:
        facts = runs[job]
        row = found.setdefault(
            f"{job[0]} on {facts['data']}",
            {
                "description": systems.SYSTEMS[job[0]].description,
                "data": facts["data"],
                "images": facts["images"],
                "parameters": facts["parameters"],
                "recipe": facts["recipe"],
                "accuracies": [],
                "byFrame": [],
                "seconds": [],
                "imageMicroseconds": None if job[2] is not None else costs[job[0]],
            },
        )
        row["accuracies"].append(facts["byFrame"][-1])
        row["byFrame"].append(facts["byFrame"])
        row["seconds"].append(facts["seconds"])
    for row in found.values():
        row["byFrame"] = [float(v) for v in np.mean(row["byFrame"], axis=0)]
    return found


def image_costs(networks: dict[str, Networks], rounds: int) -> dict[str, float]:
    """Median microseconds of an image of the digits at batch 1: its rows' steps, or its encoder."""
    with tempfile.TemporaryDirectory() as scratch:
        files, found = {}, {}
        for name, one in networks.items():
            file = Path(scratch) / f"{name}.onnx"
            if one.encoder is None or one.recurrent.shape.states():
                files[name] = file
                export_step(one.recurrent, file)
                continue
            frames = _data(systems.SYSTEMS[name].form, None).test.streams[0].inputs
            example = (torch.from_numpy(np.repeat(frames[:1], 3, axis=0)),)
            export_module(one.encoder, example, file, ["frames"], ["features"])
            found[name] = milliseconds(file) * 1000
        steps = compare_costs(files, batches=(1,), rounds=rounds)
    rows = {name: len(_data(systems.SYSTEMS[name].form, None).test.streams[0]) for name in steps}
    return found | {name: cost.latency[1].median * rows[name] for name, cost in steps.items()}
