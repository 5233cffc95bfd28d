"""Every cell: one frame at a time, as a sequence, and as an exported graph are the same."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch

from gatestream_export.bundle import graphs, runtime
from gatestream_export.errors import UsageError
from gatestream_export.nets.recurrent import CELLS, Recurrent, RecurrentShape, Step

LIMIT = 1e-5
BATCHES = (1, 2, 3, 64)
STATES = {"gru": ("hidden",), "lstm": ("hidden", "cell"), "rnn": ("hidden",), "none": ()}


def shape_of(cell: str, layers: int, elapsed: bool, auxiliary: int) -> RecurrentShape:
    return RecurrentShape(
        cell, 6, 4, hidden=9, layers=layers, dropout=0.3, elapsed=elapsed, auxiliary=auxiliary
    )


EXPORTED = [
    shape_of("gru", 1, False, 0),
    shape_of("gru", 2, True, 3),
    shape_of("lstm", 2, True, 0),
    shape_of("rnn", 2, True, 0),
    shape_of("none", 1, True, 3),
]
ALL = [shape_of(c, n, e, a) for c in CELLS for n in (1, 2) for e in (False, True) for a in (0, 3)]


def name_of(shape: RecurrentShape) -> str:
    extras = ("-elapsed" if shape.elapsed else "") + ("-auxiliary" if shape.auxiliary else "")
    return f"{shape.cell}{shape.layers}{extras}"


def step_of(shape: RecurrentShape, seed: int = 3) -> Step:
    print(f"seed {seed}")
    torch.manual_seed(seed)
    recurrent = Recurrent(shape)
    with torch.no_grad():
        for parameter in recurrent.parameters():
            parameter.mul_(2.5)  # Wide enough that gates move and every input matters.
    return Step(recurrent).eval()


def draw(step: Step, batch: int, frames: int, seed: int = 4) -> tuple[list, list]:
    """Random states that are not zero, and for every frame its inputs in the order of Step."""
    rng = np.random.default_rng(seed)
    shape = step.recurrent.shape
    states = [rng.normal(0, 0.5, s.shape) for s in step.recurrent.zero_states(batch)]
    inputs = []
    for _ in range(frames):
        values = [rng.normal(size=(batch, shape.features))]
        if shape.elapsed:
            values.append(rng.exponential(0.5, (batch, 1)))
        if shape.auxiliary:
            values.append(rng.normal(size=(batch, shape.auxiliary)))
        inputs.append([torch.tensor(v, dtype=torch.float32) for v in values])
    return [torch.tensor(s, dtype=torch.float32) for s in states], inputs


def frame_by_frame(step: Step, states: list, inputs: list) -> tuple[torch.Tensor, list]:
    logits = []
    with torch.inference_mode():
        for features, *extras in inputs:
            one, *states = step(features, *states, *extras)
            logits.append(one)
    return torch.stack(logits, dim=1), states


@pytest.mark.parametrize("shape", ALL, ids=name_of)
def test_one_frame_at_a_time_equals_the_sequence(shape: RecurrentShape) -> None:
    step = step_of(shape)
    states, inputs = draw(step, batch=3, frames=50)
    logits, last = frame_by_frame(step, states, inputs)
    features, *extras = (torch.stack(values, dim=1) for values in zip(*inputs, strict=True))
    elapsed = extras.pop(0) if shape.elapsed else None
    auxiliary = extras.pop(0) if shape.auxiliary else None
    with torch.inference_mode():
        wanted, wanted_last = step.recurrent(features, tuple(states), elapsed, auxiliary)
    assert logits.shape == (3, 50, 4)
    assert torch.allclose(logits, wanted, atol=LIMIT)
    assert len(last) == len(wanted_last) == len(STATES[shape.cell])
    for one, other in zip(last, wanted_last, strict=True):
        assert one.shape == (3, shape.layers, 9)
        assert torch.allclose(one, other, atol=LIMIT)


@pytest.mark.parametrize("shape", ALL, ids=name_of)
def test_every_input_matters_and_every_parameter_learns(shape: RecurrentShape) -> None:
    step = step_of(shape)
    states, inputs = draw(step, batch=2, frames=3)
    given = [v.clone().requires_grad_() for v in (inputs[0][0], *states, *inputs[0][1:])]
    logits, *after = step(*given)
    for features, *extras in inputs[1:]:
        logits, *after = step(features, *after, *extras)
    logits.pow(2).sum().backward()
    memoryless = shape.cell == "none"
    for name, value in zip(step.input_names(), given, strict=True):
        assert memoryless or value.grad.abs().max() > 0, name
    for name, parameter in step.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name


@pytest.mark.parametrize("cell", CELLS)
def test_a_row_does_not_depend_on_the_others(cell: str) -> None:
    step = step_of(shape_of(cell, 2, True, 3))
    states, inputs = draw(step, batch=64, frames=20)
    together, last = frame_by_frame(step, states, inputs)
    for row in (0, 17, 63):
        rows = slice(row, row + 1)
        alone, own = frame_by_frame(
            step, [s[rows] for s in states], [[v[rows] for v in i] for i in inputs]
        )
        assert torch.allclose(alone[0], together[row], atol=LIMIT)
        for one, other in zip(own, last, strict=True):
            assert torch.allclose(one[0], other[row], atol=LIMIT)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Step, Path]]:
    """Each shape of EXPORTED with its graph."""
    folder = tmp_path_factory.mktemp("steps")
    made = {}
    for shape in EXPORTED:
        step, file = step_of(shape), folder / f"{name_of(shape)}.onnx"
        graphs.export_module(step, step.example(), file, step.input_names(), step.output_names())
        made[name_of(shape)] = (step, file)
    return made


def run(step: Step, session: ort.InferenceSession, values: list) -> list[np.ndarray]:
    feed = {n: v.numpy() for n, v in zip(step.input_names(), values, strict=True)}
    return session.run(list(step.output_names()), feed)


@pytest.mark.parametrize("name", [name_of(s) for s in EXPORTED])
def test_the_graph_equals_torch_over_carried_state(name: str, exported: dict) -> None:
    step, file = exported[name]
    session = runtime.open_session(file)
    for batch in BATCHES:
        states, inputs = draw(step, batch, frames=100, seed=batch)
        wanted, last = frame_by_frame(step, states, inputs)
        for t, (features, *extras) in enumerate(inputs):
            logits, *after = run(step, session, [features, *states, *extras])
            states = [torch.from_numpy(s) for s in after]
            assert logits.shape == (batch, 4)
            assert np.abs(logits - wanted[:, t].numpy()).max() < LIMIT, (batch, t)
        for one, other in zip(states, last, strict=True):
            assert one.shape == other.shape
            assert (one - other).abs().max() < LIMIT


@pytest.mark.parametrize("name", [name_of(s) for s in EXPORTED])
def test_a_row_of_the_graph_does_not_depend_on_the_others(name: str, exported: dict) -> None:
    step, file = exported[name]
    session = runtime.open_session(file)
    states, inputs = draw(step, batch=3, frames=1)
    values = [inputs[0][0], *states, *inputs[0][1:]]
    first = run(step, session, values)
    others = [torch.cat([v[:1], v[1:] * -3 + 1]) for v in values]
    second = run(step, session, others)
    for one, other in zip(first, second, strict=True):
        assert np.array_equal(one[0], other[0])
        assert not np.array_equal(one[1:], other[1:])


@pytest.mark.parametrize("name", [name_of(s) for s in EXPORTED])
def test_the_border_of_the_graph_is_the_bundles(name: str, exported: dict) -> None:
    step, file = exported[name]
    shape = step.recurrent.shape
    session = runtime.open_session(file)
    sizes = {
        "features": [6],
        "hidden": [shape.layers, 9],
        "cell": [shape.layers, 9],
        "elapsed": [1],
        "auxiliary": [3],
    }
    extras = ["elapsed"] * shape.elapsed + ["auxiliary"] * bool(shape.auxiliary)
    wanted = ["features", *STATES[shape.cell], *extras]
    assert [i.name for i in session.get_inputs()] == wanted
    for value in session.get_inputs():
        assert value.type == "tensor(float)"
        assert not isinstance(value.shape[0], int)
        assert value.shape[1:] == sizes[value.name]
    after = [f"{s}_next" for s in STATES[shape.cell]]
    assert [o.name for o in session.get_outputs()] == ["logits", *after]


def test_the_graph_holds_the_parameters_of_torch(exported: dict) -> None:
    for name, (step, file) in exported.items():
        wanted = sum(p.numel() for p in step.parameters())
        assert graphs.count_parameters(file) == wanted, name


def test_layers_are_joined_without_reshaping(exported: dict) -> None:
    for name, (_, file) in exported.items():
        kinds = {node.op_type for node in onnx.load(str(file)).graph.node}
        assert not kinds & {"Reshape", "Shape", "Loop", "Scan"}, name


def test_gru_nodes_are_those_that_cuda_computes(exported: dict) -> None:
    for name, (step, file) in exported.items():
        nodes = [n for n in onnx.load(str(file)).graph.node if n.op_type == "GRU"]
        assert len(nodes) == (step.recurrent.shape.layers if name.startswith("gru") else 0)
        for node in nodes:
            attributes = {a.name: a.i for a in node.attribute}
            assert attributes["linear_before_reset"] == 1
            assert attributes.get("layout", 0) == 0
        graphs.check_layers(step, file, carried=True)


def test_a_missing_input_is_named() -> None:
    recurrent = step_of(shape_of("gru", 1, True, 3)).recurrent
    features, states = torch.zeros(1, 2, 6), recurrent.zero_states(1)
    with pytest.raises(ValueError, match="takes elapsed"):
        recurrent(features, states, None, torch.zeros(1, 2, 3))
    with pytest.raises(ValueError, match="takes auxiliary"):
        recurrent(features, states, torch.zeros(1, 2, 1))


def test_an_unknown_cell_is_refused() -> None:
    with pytest.raises(UsageError, match="unknown cell 'gruu'; known: gru, lstm, rnn, none"):
        RecurrentShape("gruu", 6, 4)
