"""The image classifiers: what they train on, what they compute, that each trains and exports."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch

from gatestream_export.bundle import verify
from gatestream_export.data.image_sets import digit_set
from gatestream_export.data.sequences import IGNORED
from gatestream_export.images import bundles, systems
from gatestream_export.nets.pixels import ColumnGru, RowPixels


def smoke(name, steps, **changes):
    system = systems.SYSTEMS[name]
    data = digit_set(system.form)
    recipe = replace(
        systems.recipe_for(system, data, 1), steps=steps, every=steps, warm_up=5, **changes
    )
    return system, data, recipe


def test_row_pixels_are_the_normalised_first_channel():
    frames = np.zeros((2, 1, 8, 3), np.uint8)
    frames[1, 0, 3] = (240, 1, 2)
    values = RowPixels()(torch.from_numpy(frames)).numpy()
    assert values.shape == (2, 8)
    assert values[0] == pytest.approx([-73 / 90] * 8)
    assert values[1, 3] == pytest.approx(167 / 90)


def test_columns_are_read_from_left_to_right():
    torch.manual_seed(0)
    encoder = ColumnGru().eval()
    seen = []
    encoder.convolutions.maps = lambda frames: maps
    encoder.cell.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    maps = torch.arange(1 * 128 * 4 * 4, dtype=torch.float32).reshape(1, 128, 4, 4) / 1000
    features = encoder(torch.zeros(1, 32, 32, 3, dtype=torch.uint8))
    assert features.shape == (1, 256)
    assert seen[0].shape == (1, 4, 512)
    for column in range(4):
        assert torch.equal(seen[0][0, column], maps[0, :, :, column].reshape(-1))


def test_the_networks_have_the_sizes_that_were_asked_for():
    built = {name: system.networks(10) for name, system in systems.SYSTEMS.items()}
    shapes = {name: networks.recurrent.shape for name, networks in built.items()}
    assert (shapes["gru-sequence"].hidden, shapes["gru-sequence"].layers) == (128, 1)
    assert (shapes["digit-rows"].hidden, shapes["digit-rows"].layers) == (128, 2)
    assert shapes["digit-rows-lstm"].states() == ("hidden", "cell")
    assert shapes["cnn-gru"].states() == ()
    assert (built["cnn-gru"].encoder.cell.hidden_size, built["cnn-gru"].encoder.layers) == (256, 2)
    # Two GRU layers of 128 on 8 pixels, and the head.
    gru = 3 * 128 * (8 + 128 + 2) + 3 * 128 * (128 + 128 + 2)
    assert systems.parameters(built["digit-rows"]) == gru + 128 * 10 + 10


def test_one_output_counts_but_for_the_sequence():
    assert systems.SYSTEMS["gru-sequence"].recipe.loss_last == 8
    assert systems.SYSTEMS["digit-rows"].recipe.loss_last == 1
    last = systems._last_only(digit_set("rows"))
    assert all((s.labels[:-1] == IGNORED).all() and s.labels[-1] >= 0 for s in last.streams)


def test_rows_after_the_first_tell_more_than_the_first():
    system, data, recipe = smoke("gru-sequence", 120)
    trained = systems.train(system, data, recipe)
    assert len(trained.by_frame) == 8
    assert trained.by_frame[-1] > 0.8
    assert trained.by_frame[-1] > trained.by_frame[0] + 0.3


def test_the_same_seed_gives_the_same_weights():
    runs = []
    for seed in (1, 1, 2):
        system, data, recipe = smoke("digit-rows-lstm", 4)
        runs.append(systems.train(system, data, replace(recipe, seed=seed)).networks.weights())
    first, again, other = (list(r["recurrent"].values()) for r in runs)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(first, other, strict=True))


def test_an_exported_system_predicts_what_torch_predicts(tmp_path):
    system, data, recipe = smoke("cnn-gru", 20, lanes=16)
    # The GRU within the encoder must start from zero whatever the batch: verify tries several.
    data = replace(data, test=replace(data.test, streams=data.test.streams[:40]))
    trained = systems.train(system, data, recipe)
    bundle = bundles.write(system, data, trained, tmp_path / "bundle", "a test")
    assert verify.problems(tmp_path / "bundle") == []
    offline = bundles.by_frame(bundles.predict(bundle, data.test.streams))
    assert offline == pytest.approx(trained.by_frame)
    assert bundle.contract.document["training"]["metrics"]["testAccuracy"] == pytest.approx(
        trained.accuracy, abs=1e-4
    )


def test_golden_runs_hold_jpeg_and_png_and_never_test_images():
    data = digit_set("rows")
    runs = bundles.golden_runs(data)
    assert len(runs) == bundles.GOLDEN_RUNS
    assert [shot.encoding for shot in runs[0]].count("JPEG") == 2
    names = {s.name for s in data.validation.streams}
    assert names.isdisjoint(s.name for s in itertools.chain(data.test.streams))
    for shot, frame in zip(runs[3], data.validation.streams[3].inputs, strict=True):
        assert np.array_equal(data.resize.apply(shot.picture), frame)
