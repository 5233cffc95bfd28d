"""The cost of a step: what is counted, and that every candidate gets the same share of the run."""

from pathlib import Path

import pytest

from gatestream_comparison import cost
from gatestream_export.errors import CheckFailedError, UsageError

# (parameters, bytes of one stream's state)
COUNTS = {
    "tiny-gru": (12 * 6 + 12 * 4 + 24 + 4 * 3 + 3, 4 * 4),
    "tiny-lstm": (16 * 6 + 16 * 4 + 32 + 4 * 3 + 3, 2 * 4 * 4),
    "tiny-memoryless": (6 * 3, 0),
    "tiny-elapsed": (6 * 3 + 2 * 3, 3 * 4),
}


def step_cost(path: Path, **how) -> cost.StepCost:
    return cost.compare_costs({"it": path}, **how)["it"]


@pytest.fixture
def folders(bundle_folder: Path) -> dict[str, Path]:
    """The small bundles of the application's tests."""
    resources = bundle_folder.parents[1] / "src" / "test" / "resources" / "bundles"
    return {name: resources / name for name in COUNTS}


@pytest.mark.parametrize("file", ["", "step.onnx"])
def test_counts_parameters_and_state(folders: dict[str, Path], file: str) -> None:
    costs = cost.compare_costs({n: folder / file for n, folder in folders.items()}, rounds=2)
    assert list(costs) == list(COUNTS)
    assert {n: (c.parameters, c.state_bytes) for n, c in costs.items()} == COUNTS


def test_latency_is_ordered_and_positive(folders: dict[str, Path]) -> None:
    found = step_cost(folders["tiny-gru"], batches=(1, 2, 64), rounds=20)
    assert list(found.latency) == [1, 2, 64]
    for latency in found.latency.values():
        assert 0 < latency.low <= latency.median <= latency.high


def test_candidates_alternate_and_the_order_turns(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
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
    names = ["tiny-gru", "tiny-lstm", "tiny-elapsed"]
    costs = cost.compare_costs({n: folders[n] for n in names}, batches=(1, 64), rounds=3)
    a, b, c = (COUNTS[name][0] for name in names)
    orders = [(a, b, c), (b, c, a), (c, a, b)]
    assert seen == [(p, batch) for order in orders for batch in (1, 64) for p in order]
    # A millisecond between two looks at the clock, shared by the calls of a sample.
    wanted = cost.Latency(*[1000 / cost.CALLS] * 3)
    assert all(one.latency == {1: wanted, 64: wanted} for one in costs.values())


def test_a_bundle_folder_is_measured_by_its_contract(bundle_folder: Path) -> None:
    found = step_cost(bundle_folder, batches=(1,), rounds=1)
    assert found.state_bytes == 2 * 256 * 4
    assert found.parameters == 4 * 3 * 256 * 256 + 4 * 3 * 256 + 256 * 9 + 9


def test_what_is_not_a_step_is_refused(tmp_path: Path, bundle_folder: Path) -> None:
    with pytest.raises(UsageError, match="missing file"):
        step_cost(tmp_path / "step.onnx")
    with pytest.raises(CheckFailedError, match="input frames is tensor"):
        step_cost(bundle_folder / "encoder.onnx")
    with pytest.raises(UsageError, match="rounds 0"):
        step_cost(bundle_folder, rounds=0)
