"""What one step costs in ONNX Runtime on the CPU: parameters, state and latency."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tqdm import tqdm

from gatestream_export.bundle import contract, runtime
from gatestream_export.bundle.graphs import count_parameters, export_module
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.nets.recurrent import Recurrent, Step

BATCHES = (1, 64)
ROUNDS = 200
CALLS = 5
"""Calls in a row whose mean is one sample: the first of them finds another model in the cache."""

TIMED = 60
"""Calls of an encoder, a quarter of which warm up."""

_WARM_UP = 10
_NEXT = "_next"


@dataclass(frozen=True)
class Latency:
    """Microseconds a step of the whole batch: the median of the samples and their 10-90 %."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class StepCost:
    """`parameters` are floats in the graph, `state_bytes` those of one stream.

    `latency` is by batch size, one thread, spinning off.
    """

    parameters: int
    state_bytes: int
    latency: dict[int, Latency]


@dataclass(frozen=True)
class _Candidate:
    session: ort.InferenceSession
    parameters: int
    state_bytes: int
    feeds: dict[int, dict[str, np.ndarray]]

    def sample(self, batch: int) -> float:
        """Mean microseconds of CALLS calls in a row."""
        feed = self.feeds[batch]
        start = time.perf_counter_ns()
        for _ in range(CALLS):
            self.session.run(None, feed)
        return (time.perf_counter_ns() - start) / 1000 / CALLS


def compare_costs(
    steps: Mapping[str, Path],
    batches: Sequence[int] = BATCHES,
    rounds: int = ROUNDS,
    progress: str | None = None,
) -> dict[str, StepCost]:
    """The cost of each step: a step.onnx or a bundle folder, by a name of the caller's.

    All are measured in one run, one sample each a round, so that what else the machine does falls
    on all alike; the order turns from round to round. `progress` titles a bar on stderr. Raises
    UsageError for a missing file, CheckFailedError for a graph that is not a step.
    """
    if rounds < 1 or not batches or min(batches) < 1:
        raise UsageError(f"rounds {rounds}, batches {list(batches)}: wanted 1 or more of each")
    candidates = {name: _open(path, batches) for name, path in steps.items()}
    samples: dict[tuple[str, int], list[float]] = {
        (name, batch): [] for name in candidates for batch in batches
    }
    for candidate in candidates.values():
        for batch in batches:
            for _ in range(_WARM_UP):
                candidate.sample(batch)
    names = list(candidates)
    for turn in tqdm(range(rounds), desc=progress, disable=progress is None):
        shift = turn % max(1, len(names))
        for batch in batches:
            for name in names[shift:] + names[:shift]:
                samples[name, batch].append(candidates[name].sample(batch))
    return {
        name: StepCost(
            candidate.parameters,
            candidate.state_bytes,
            {batch: _summary(samples[name, batch]) for batch in batches},
        )
        for name, candidate in candidates.items()
    }


def _summary(samples: list[float]) -> Latency:
    low, median, high = np.percentile(samples, [10, 50, 90])
    return Latency(float(median), float(low), float(high))


def _open(path: Path, batches: Sequence[int]) -> _Candidate:
    states: set[str] | None = None
    if path.is_dir():
        description = contract.load(path)
        states = {state.input for state in description.states}
        path = path / description.document["step"]["file"]
    session = runtime.open_session(path)
    if states is None:
        outputs = {value.name for value in session.get_outputs()}
        states = {v.name for v in session.get_inputs() if v.name + _NEXT in outputs}
    sizes: dict[str, tuple[int, ...]] = {}
    for value in session.get_inputs():
        batch, *rest = value.shape
        if value.type != "tensor(float)" or isinstance(batch, int) or not rest:
            raise CheckFailedError(
                f"{path}: input {value.name} is {value.type} {value.shape}, wanted float32 [B,...]"
            )
        if not all(isinstance(d, int) for d in rest):
            raise CheckFailedError(f"{path}: input {value.name} has shape {value.shape}")
        sizes[value.name] = tuple(rest)
    rng = np.random.default_rng(1)
    feeds = {
        batch: {
            name: rng.uniform(0, 1, (batch, *size)).astype(np.float32)
            for name, size in sizes.items()
        }
        for batch in batches
    }
    state_bytes = sum(4 * math.prod(sizes[name]) for name in states)
    return _Candidate(session, count_parameters(path), state_bytes, feeds)


def export_step(network: Recurrent, file: Path) -> None:
    """The step as a bundle would hold it."""
    step = Step(network)
    export_module(step, step.example(), file, step.input_names(), step.output_names())


def milliseconds(encoder: Path) -> float:
    """Median time of a frame at batch 1 on one thread."""
    session = runtime.open_session(encoder)
    given = session.get_inputs()[0]
    rng = np.random.default_rng(1)
    frame = rng.integers(0, 256, (1, *given.shape[1:])).astype(np.uint8)
    times = []
    for _ in range(TIMED):
        start = time.perf_counter()
        session.run(None, {given.name: frame})
        times.append(time.perf_counter() - start)
    return float(np.median(times[TIMED // 4 :]) * 1000)
