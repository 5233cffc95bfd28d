"""The cost of a step: what is counted, and that every candidate gets the same share of the run."""

from pathlib import Path

import pytest
import torch

from gatestream_export.bundle import export
from gatestream_export.compare import cost
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.nets.recurrent import Recurrent, RecurrentShape, Step

SHAPES = {
    "gru": RecurrentShape("gru", 6, 4, hidden=9, layers=1, elapsed=True, auxiliary=2),
    "lstm": RecurrentShape("lstm", 6, 4, hidden=9, layers=2),
    "none": RecurrentShape("none", 6, 4, hidden=9),
}
STATE_BYTES = {"gru": 9 * 4, "lstm": 2 * 2 * 9 * 4, "none": 0}


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Step, Path]]:
    folder = tmp_path_factory.mktemp("costs")
    made = {}
    for name, shape in SHAPES.items():
        torch.manual_seed(1)
        step = Step(Recurrent(shape)).eval()
        file = folder / f"{name}.onnx"
        names = (list(step.input_names()), list(step.output_names()))
        export._export(step, step.example(), file, names)
        made[name] = (step, file)
    return made


def test_counts_parameters_and_state(steps: dict) -> None:
    costs = cost.compare_costs({n: file for n, (_, file) in steps.items()}, rounds=2)
    assert list(costs) == list(SHAPES)
    for name, (step, _) in steps.items():
        assert costs[name].parameters == sum(p.numel() for p in step.parameters())
        assert costs[name].state_bytes == STATE_BYTES[name]


def test_latency_is_ordered_and_positive(steps: dict) -> None:
    found = cost.step_cost(steps["gru"][1], batches=(1, 2, 64), rounds=20)
    assert list(found.latency) == [1, 2, 64]
    for latency in found.latency.values():
        assert 0 < latency.low <= latency.median <= latency.high


def test_candidates_alternate_and_the_order_turns(
    steps: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(0, 10**9, 1_000_000))
    monkeypatch.setattr(cost.time, "perf_counter_ns", lambda: next(ticks))
    monkeypatch.setattr(cost, "_WARM_UP", 0)
    seen = []
    sample = cost._Candidate.sample

    def record(candidate: cost._Candidate, batch: int) -> float:
        seen.append((candidate.parameters, batch))
        return sample(candidate, batch)

    monkeypatch.setattr(cost._Candidate, "sample", record)
    files = {n: file for n, (_, file) in steps.items()}
    costs = cost.compare_costs(files, batches=(1, 64), rounds=3)
    a, b, c = (costs[name].parameters for name in files)
    orders = [(a, b, c), (b, c, a), (c, a, b)]
    assert seen == [(p, batch) for order in orders for batch in (1, 64) for p in order]
    # A millisecond between two looks at the clock, shared by the calls of a sample.
    wanted = cost.Latency(*[1000 / cost.CALLS] * 3)
    assert all(one.latency == {1: wanted, 64: wanted} for one in costs.values())


def test_a_bundle_folder_is_measured_by_its_contract(bundle_folder: Path) -> None:
    found = cost.step_cost(bundle_folder, batches=(1,), rounds=1)
    assert found.state_bytes == 2 * 256 * 4
    assert found.parameters == 4 * 3 * 256 * 256 + 4 * 3 * 256 + 256 * 9 + 9


def test_what_is_not_a_step_is_refused(tmp_path: Path, bundle_folder: Path) -> None:
    with pytest.raises(UsageError, match="missing file"):
        cost.step_cost(tmp_path / "step.onnx")
    with pytest.raises(CheckFailedError, match="input frames is tensor"):
        cost.step_cost(bundle_folder / "encoder.onnx")
    with pytest.raises(UsageError, match="rounds 0"):
        cost.step_cost(bundle_folder, rounds=0)
