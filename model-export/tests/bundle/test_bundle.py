"""The shipped bundle keeps its contract, and each kind of damage is found."""

import json

import numpy as np
import onnx
import pytest

from gatestream_export.bundle import contract, golden_check, graphs, verify
from gatestream_export.bundle.runtime import Bundle
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.objectmotion.motion import LABELS


@pytest.fixture(scope="module")
def bundle(bundle_folder):
    return Bundle(bundle_folder)


def change(folder, edit):
    file = folder / "model.json"
    document = json.loads(file.read_text())
    edit(document)
    file.write_text(json.dumps(document))


def test_shipped_bundle_is_the_object_motion_contract(bundle):
    c = bundle.contract
    assert c.labels == LABELS
    assert (c.width, c.height) == (64, 64)
    assert c.frames.as_dict() == {"name": "frames", "type": "uint8", "shape": [-1, 64, 64, 3]}
    assert [s.as_dict() for s in c.states] == [
        {"input": "hidden", "output": "hidden_next", "shape": [2, 256], "initial": None}
    ]
    assert c.document["input"]["frameIntervalMillis"] == 100


def test_shipped_bundle_reaches_its_target(bundle):
    metrics = bundle.contract.document["training"]["metrics"]
    assert metrics["settledAccuracy"] >= 0.90
    assert metrics["memorylessSettledAccuracy"] <= 0.30
    assert metrics["testPhotographs"] >= 12


def test_shipped_bundle_is_small_and_complete(bundle_folder):
    files = [f for f in bundle_folder.rglob("*") if f.is_file()]
    assert sum(f.stat().st_size for f in files) < 8_000_000
    assert (bundle_folder / "NOTICE.md").is_file()
    assert not [f for f in files if f.name.endswith(".data")]


def test_graphs_hold_nothing_of_the_machine_they_were_made_on(bundle_folder):
    for name in ("encoder.onnx", "step.onnx"):
        data = (bundle_folder / name).read_bytes()
        for trace in (b"/home/", b"site-packages", b"gatestream_export", b"__init__.py"):
            assert trace not in data


def test_gru_has_the_attributes_that_cuda_needs(bundle_folder):
    assert graphs.recurrent_nodes(bundle_folder / "step.onnx", carried=True)["GRU"] == 2


def test_gru_without_linear_before_reset_is_refused(damaged):
    file = damaged / "step.onnx"
    model = onnx.load(str(file))
    for node in model.graph.node:
        for attribute in node.attribute:
            if attribute.name == "linear_before_reset":
                attribute.i = 0
    onnx.save(model, str(file))
    with pytest.raises(CheckFailedError, match="linear_before_reset=0"):
        graphs.recurrent_nodes(file, carried=True)


def test_golden_frames_cover_the_cases_they_are_for(bundle):
    frames = json.loads((bundle.folder / "golden" / "golden.json").read_text())["frames"]
    assert len(frames) == 12
    assert {f["encoding"] for f in frames} == {"JPEG", "PNG"}
    assert {(f["width"], f["height"]) for f in frames} == {(128, 128), (200, 150)}
    for frame in frames:
        first, second = np.sort(frame["logits"])[::-1][:2]
        assert first - second > 0.1


def test_golden_files_hold(bundle):
    assert golden_check.problems(bundle) == []


def test_changed_golden_pixel_is_found(damaged):
    file = next((damaged / "golden").glob("pixels-00.rgb"))
    data = bytearray(file.read_bytes())
    data[5000] ^= 0x40
    file.write_bytes(bytes(data))
    assert any("pixels differ" in p for p in golden_check.problems(Bundle(damaged)))


def test_changed_golden_state_is_found(damaged):
    file = damaged / "golden" / "golden.json"
    document = json.loads(file.read_text())
    document["frames"][7]["states"][0][100] += 0.01
    file.write_text(json.dumps(document))
    found = golden_check.problems(Bundle(damaged))
    assert found == ["golden frame 7: state hidden_next off by 0.01"]


def test_changed_weights_are_found(damaged):
    file = damaged / "step.onnx"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))
    assert any("SHA-256" in p for p in verify.problems(damaged))


def test_mistyped_tensor_name_is_found(damaged):
    change(damaged, lambda d: d["encoder"]["frames"].update(name="frame"))
    assert any("encoder input: found ['frames']" in p for p in verify.problems(damaged))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda d: d.update(format=2), "format 2"),
        (lambda d: d.pop("labels"), "lacks 'labels'"),
        (lambda d: d["labels"].append("still"), "different names"),
        (lambda d: d["labels"].append("more"), "10 labels"),
        (lambda d: d.update(background="nothing"), "background"),
        (lambda d: d.update(activation="relu"), "activation"),
        (lambda d: d.update(temperature=0), "temperature"),
        (lambda d: d.update(thresholds={"still": 0.5}), "thresholds"),
        (lambda d: d["input"]["resize"].update(mode="squash"), "resize"),
        (lambda d: d["input"].update(width=32), "encoder input"),
        (lambda d: d["step"]["features"].update(shape=[-1, 128]), "step takes"),
        (lambda d: d["step"]["states"][0].update(initial=[0.0]), "initial values"),
        (lambda d: d["step"].update(bitEqualBatchSizes=[2]), "bitEqualBatchSizes"),
        (lambda d: d.update(minimumReaderFormat=2), "minimumReaderFormat 2"),
        (lambda d: d.update(format=2, minimumReaderFormat=1), "format 2"),
        (lambda d: d.update(temperature=0.0009), "temperature 0.0009, wanted 0.001 to 1000"),
        (lambda d: d.update(temperature=1000.1), "temperature 1000.1"),
        (lambda d: d.update(temperature="1"), "temperature '1'"),
        (lambda d: d.update(activation="sigmoid", thresholds={"still": 1.5}), "from 0 to 1"),
        (lambda d: d.update(name=" "), "name ' '"),
        (lambda d: d["labels"].__setitem__(0, ""), "a label ''"),
        (lambda d: d["input"].update(frameIntervalMillis=-1), "frameIntervalMillis -1"),
        (lambda d: d["input"].update(width=16385), "input.width 16385"),
        (lambda d: d["input"]["resize"].update(letterboxColour=[0, 0, 256]), "256, wanted"),
        (
            lambda d: d["input"]["resize"].update(
                regionOfInterest={"x": 0.5, "y": 0, "width": 0.6, "height": 1}
            ),
            "not inside the frame",
        ),
        (lambda d: d["encoder"].update(file="../encoder.onnx"), "outside the bundle"),
        (lambda d: d["encoder"].update(sha256="AB"), "64 lower-case hex digits"),
        (lambda d: d["step"]["states"][0].update(input="features"), "names .'features'. twice"),
        (lambda d: d["step"]["states"][0].update(shape=[]), "wanted 1 to 8 sizes"),
        (lambda d: d["step"].update(auxiliary={"name": "side", "size": 0}), "size of 1 or more"),
        (lambda d: d["tolerance"].update(features=-1), "tolerance.features -1"),
        (lambda d: d["encoder"]["frames"].update(shape=[-1, 4, 64, 64, 3]), "several frames"),
    ],
)
def test_invalid_contract_is_refused_with_its_reason(damaged, edit, message):
    change(damaged, edit)
    with pytest.raises(CheckFailedError, match=message):
        contract.load(damaged)


def test_missing_folder_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError, match="no such bundle"):
        contract.load(tmp_path / "none")


def test_recorded_batch_sizes_are_bit_equal(bundle):
    equal = verify.bit_equal_sizes(bundle)
    document = bundle.contract.document
    for part in ("encoder", "step"):
        recorded = document[part]["bitEqualBatchSizes"]
        assert 1 in recorded
        assert set(recorded) <= set(equal[part])


def test_carried_state_of_a_batch_does_not_drift_over_1000_steps(bundle):
    measured = verify.carried(bundle)
    assert (measured.steps, measured.batches, measured.real_frames) == (1000, (1, 2, 3, 64), 12)
    assert measured.problems(features=1e-5, logits=1e-4) == []
    assert measured.same_top_label > 0.999


def test_torch_gru_agrees_with_the_graph_over_1000_carried_steps(bundle, bundle_folder):
    """The step again in torch, from the graph's own weights: a wrong GRU variant shows at once."""
    import torch

    graph = onnx.load(str(bundle_folder / "step.onnx")).graph
    weights = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
    nodes = [n for n in graph.node if n.op_type == "GRU"]
    gru = torch.nn.GRU(256, 256, 2)
    with torch.no_grad():
        for k, node in enumerate(nodes):
            w, r, b = (torch.from_numpy(weights[node.input[i]][0].copy()) for i in (1, 2, 3))

            def reorder(value):  # ONNX orders the gates update, reset, hidden; torch reset first.
                update, reset, hidden = value.chunk(3)
                return torch.cat([reset, update, hidden])

            getattr(gru, f"weight_ih_l{k}").copy_(reorder(w))
            getattr(gru, f"weight_hh_l{k}").copy_(reorder(r))
            getattr(gru, f"bias_ih_l{k}").copy_(reorder(b[: len(b) // 2]))
            getattr(gru, f"bias_hh_l{k}").copy_(reorder(b[len(b) // 2 :]))
    rng = np.random.default_rng(2)
    state = rng.normal(0, 0.5, (1, 2, 256)).astype(np.float32)
    theirs = torch.from_numpy(state[0][:, None].copy())
    pixels = [
        np.frombuffer(f.read_bytes(), np.uint8).reshape(1, 64, 64, 3)
        for f in sorted((bundle_folder / "golden").glob("pixels-*.rgb"))
    ]
    features = [bundle.encode(p) for p in pixels]
    ours, worst = [state], 0.0
    with torch.inference_mode():
        for i in range(1000):
            _, ours = bundle.step(features[i % len(features)], ours)
            _, theirs = gru(torch.from_numpy(features[i % len(features)])[None], theirs)
            worst = max(worst, float(np.abs(ours[0][0] - theirs[:, 0].numpy()).max()))
    assert worst < 1e-3


def test_absent_optional_fields_take_their_defaults(damaged):
    def edit(document):
        for name in ("minimumReaderFormat", "background", "thresholds", "tolerance"):
            del document[name]
        for name in ("elapsed", "auxiliary", "bitEqualBatchSizes"):
            del document["step"][name]
        del document["step"]["states"][0]["initial"]
        del document["input"]["resize"]["letterboxColour"]

    change(damaged, edit)
    document = contract.load(damaged).document
    assert (document["minimumReaderFormat"], document["background"]) == (1, None)
    assert document["tolerance"] == {"pixels": 1, "features": 0.01, "logits": 0.001}
    assert document["step"]["bitEqualBatchSizes"] == [1]
    assert golden_check.problems(Bundle(damaged)) == []


def test_damaged_recurrent_nodes_are_found_in_both_graphs(tmp_path):
    from onnx import helper

    def graph(kind, inputs, **attributes):
        node = helper.make_node(kind, inputs, ["y"], hidden_size=2, **attributes)
        made = helper.make_model(helper.make_graph([node], "g", [], []))
        onnx.save(made, str(tmp_path / "g.onnx"))
        return tmp_path / "g.onnx"

    free = ["x", "w", "r"]
    for arguments, message in (
        ((graph, "LSTM", [*free, "", "", "h", "c"], {"layout": 1}), "LSTM with layout=1"),
        ((graph, "RNN", [*free, "", "lengths", "h"], {}), "RNN takes sequence_lens"),
        ((graph, "GRU", free, {"linear_before_reset": 1}), "no initial state"),
        ((graph, "LSTM", [*free, "", "", "h"], {}), "no initial cell state"),
    ):
        make, kind, inputs, attributes = arguments
        with pytest.raises(CheckFailedError, match=message):
            graphs.recurrent_nodes(make(kind, inputs, **attributes), carried=True)
    # Inside an encoder a GRU runs over one picture, from zero.
    file = graph("GRU", free, linear_before_reset=1)
    assert graphs.recurrent_nodes(file, carried=False)["GRU"] == 1


def test_a_name_given_twice_is_refused(damaged):
    file = damaged / "model.json"
    file.write_text(file.read_text().replace('"name":', '"version": "2", "name":', 1))
    with pytest.raises(CheckFailedError, match="it gives .'version'. twice"):
        contract.load(damaged)


def test_golden_values_of_a_wrong_length_are_a_problem_not_a_trace(damaged):
    file = damaged / "golden" / "golden.json"
    document = json.loads(file.read_text())
    document["frames"][2]["logits"] = document["frames"][2]["logits"][:2]
    document["frames"][3]["states"] = []
    file.write_text(json.dumps(document))
    assert any("broken" in p or "logits" in p for p in verify.problems(damaged))
