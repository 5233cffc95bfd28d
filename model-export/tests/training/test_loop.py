"""The loop learns what needs memory, goes on exactly where it stopped, and refuses nonsense."""

import numpy as np
import pytest
import torch
from torch import nn

from gatestream_export.data.sequences import IGNORED, Sequences, stream
from gatestream_export.errors import CheckFailedError, UsageError
from gatestream_export.nets.recurrent import Recurrent, RecurrentShape
from gatestream_export.training import evaluation, loop
from gatestream_export.training.networks import Networks
from gatestream_export.training.recipe import WINDOWS, Recipe
from gatestream_export.training.task import class_weights


def cues(count, length, seed):
    """The label is the cue that was last shown; most frames show none."""
    rng = np.random.default_rng(seed)
    streams = []
    for i in range(count):
        shown = np.where(rng.random(length) < 0.15, rng.integers(0, 2, length), -1)
        shown[0] = rng.integers(0, 2)
        inputs = np.zeros((length, 3), np.float32)
        inputs[shown >= 0, shown[shown >= 0]] = 1.0
        inputs[:, 2] = rng.normal(0, 0.3, length)
        seen = np.maximum.accumulate(np.where(shown >= 0, np.arange(length), 0))
        streams.append(stream(f"cue{i}", inputs, shown[seen]))
    return Sequences(("left", "right"), tuple(streams))


def networks(cell="gru", encoder=None, features=3, seed=3, **shape):
    torch.manual_seed(seed)
    sizes = {"hidden": 12, "layers": 1, **shape}
    return Networks(encoder, Recurrent(RecurrentShape(cell, features, 2, **sizes)))


def recipe(**changes):
    values = {"steps": 60, "lanes": 8, "window": 12, "rate": 2e-2, "warm_up": 5, "every": 20}
    return Recipe(**{**values, "burn_in": 0, "threads": 1, **changes})


def same(one, two):
    return all(
        torch.equal(a, b)
        for a, b in zip(
            one.recurrent.state_dict().values(), two.recurrent.state_dict().values(), strict=True
        )
    )


@pytest.mark.parametrize("cell", ["gru", "lstm", "rnn"])
@pytest.mark.parametrize("method", ["carried", WINDOWS])
def test_a_cell_learns_what_a_memoryless_head_cannot(cell, method):
    training, validation = cues(20, 60, 1), cues(6, 200, 2)
    settings = recipe(method=method, loss_last=4, steps=150)
    with_memory = loop.train(networks(cell), training, validation, settings, progress=None)
    without = loop.train(networks("none"), training, validation, settings, progress=None)
    assert with_memory.best_score > 0.95, (cell, method, with_memory)
    assert without.best_score < 0.8


def test_training_goes_on_from_a_checkpoint_bit_for_bit(tmp_path):
    training, validation = cues(10, 50, 1), cues(3, 50, 2)
    settings = recipe(drop=0.3)
    whole = networks(dropout=0.2, layers=2)
    expected = loop.train(whole, training, validation, settings, progress=None)

    class StoppedError(Exception):
        pass

    def stop(entry):
        if entry["step"] == 40:
            raise StoppedError

    file = tmp_path / "checkpoint.pt"
    with pytest.raises(StoppedError):
        loop.train(
            networks(dropout=0.2, layers=2), training, validation, settings,
            checkpoint=file, metrics=stop, progress=None,
        )  # fmt: skip
    resumed = networks(dropout=0.2, layers=2, seed=99)
    found = loop.train(resumed, training, validation, settings, checkpoint=file, progress=None)
    assert same(whole, resumed)
    assert [e["step"] for e in found.history] == [20, 40, 60]
    assert [e["loss"] for e in found.history] == [e["loss"] for e in expected.history]
    assert found.frames_seen == expected.frames_seen


def test_a_checkpoint_of_another_recipe_is_refused_with_what_differs(tmp_path):
    file = tmp_path / "checkpoint.pt"
    data = cues(4, 30, 1)
    loop.train(networks(), data, None, recipe(steps=5), checkpoint=file, progress=None)
    other = recipe(steps=5, rate=1e-3)
    with pytest.raises(UsageError, match="another rate"):
        loop.train(networks(), data, None, other, checkpoint=file, progress=None)
    file.write_bytes(b"not a checkpoint")
    with pytest.raises(UsageError, match="no checkpoint that can be read"):
        loop.train(networks(), data, None, recipe(steps=5), checkpoint=file, progress=None)


def test_a_loss_that_is_not_a_number_names_step_and_streams():
    data = cues(2, 40, 1)
    data.streams[1].inputs[20] = np.nan
    with pytest.raises(CheckFailedError, match=r"loss is nan at step \d+, with frames of .*cue1"):
        loop.train(networks(), data, None, recipe(), progress=None)


def test_the_best_weights_are_kept_and_patience_ends_training():
    training, validation = cues(10, 50, 1), cues(3, 50, 2)
    trained = networks()
    settings = recipe(steps=4000, every=10, patience=3)
    outcome = loop.train(trained, training, validation, settings, progress=None)
    assert outcome.stopped_early
    assert len(outcome.history) < 200
    guess = [v.argmax(axis=1) for v in evaluation.logits(trained, validation.streams)]
    score = evaluation.accuracy([s.labels for s in validation.streams], guess)
    assert score == outcome.best_score == max(e["accuracy"] for e in outcome.history)


def test_a_frozen_encoder_keeps_weights_and_statistics_and_a_tuned_one_does_not():
    def encoder():
        torch.manual_seed(1)
        return nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5))

    for tuned in (False, True):
        part = encoder()
        part.requires_grad_(tuned)
        both = networks(encoder=part, features=5)
        loop.train(both, cues(6, 40, 1), None, recipe(steps=10), progress=None)
        before = encoder().state_dict()
        changed = [k for k, v in part.state_dict().items() if not torch.equal(v, before[k])]
        assert bool(changed) == tuned, changed


def test_padding_has_no_part_in_the_statistics_of_a_tuned_encoder():
    torch.manual_seed(1)
    part = nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5, momentum=1.0))
    both = networks(encoder=part, features=5)
    both.train()
    inputs = torch.randn(4, 6, 3)
    real = torch.arange(6) < torch.tensor([6, 2, 5, 1])[:, None]
    inputs[~real] = 1000.0
    found = both.features(inputs, real)
    expected = part[0](inputs[real])
    assert torch.allclose(part[1].running_mean, expected.mean(0), atol=1e-5)
    normalised = nn.functional.batch_norm(
        expected, None, None, part[1].weight, part[1].bias, training=True
    )
    assert torch.allclose(found[real], normalised, atol=1e-5)
    assert not found[~real].any()
    found.square().sum().backward()
    assert part[0].weight.grad.abs().sum() > 0


def test_without_a_labelled_frame_the_last_weights_are_kept():
    unknown = cues(2, 30, 1).streams
    blank = [stream(s.name, s.inputs, np.full(len(s), IGNORED)) for s in unknown]
    validation = Sequences(("left", "right"), tuple(blank))
    outcome = loop.train(networks(), cues(4, 30, 2), validation, recipe(), progress=None)
    assert outcome.best_step == 60
    assert np.isnan(outcome.best_score)


def test_evaluation_does_not_depend_on_which_streams_run_together():
    both = networks("lstm")
    data = cues(5, 70, 4).streams + cues(3, 33, 5).streams + cues(1, 1, 6).streams
    together = evaluation.logits(both, data, chunk=16)
    for one, values in zip(data, together, strict=True):
        alone = evaluation.logits(both, [one])[0]
        assert alone.shape == values.shape == (len(one), 2)
        assert np.abs(alone - values).max() < 1e-5


def test_accuracy_ignores_unknown_frames():
    truth = [np.array([0, IGNORED, 1]), np.array([1])]
    assert evaluation.accuracy(truth, [np.array([0, 1, 0]), np.array([1])]) == 2 / 3
    assert evaluation.by_class(("a", "b", "c"), truth, [np.array([0, 1, 0]), np.array([1])]) == {
        "a": 1.0,
        "b": 0.5,
    }


def test_balanced_weights_are_one_on_average_and_zero_for_an_absent_class():
    data = Sequences(("a", "b", "c"), (stream("s", np.zeros((4, 1), np.float32), [0, 0, 0, 1]),))
    weights = class_weights(data)
    assert weights.tolist() == pytest.approx([2 / 3, 2.0, 0.0])


def test_a_recipe_lists_all_its_problems():
    with pytest.raises(UsageError, match="steps 0.*loss_last 9 is above window 8.*drop 1"):
        Recipe(steps=0, window=8, loss_last=9, drop=1)
