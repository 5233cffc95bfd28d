"""Scores, lanes and folding by hand-made cases, and one tiny run from end to end."""

import re

import numpy as np
import pytest
import torch

from gatestream_export.cli import main
from gatestream_export.errors import CheckFailedError
from gatestream_export.objectmotion import evaluation, training
from gatestream_export.objectmotion.clips import Clips
from gatestream_export.objectmotion.folding import folded
from gatestream_export.objectmotion.lanes import MotionLanes
from gatestream_export.objectmotion.network import Encoder, new_networks
from gatestream_export.training.recipe import Recipe


def made_up(clips=4, frames=40):
    rng = np.random.default_rng(0)
    since = np.tile(np.arange(10), (clips, frames // 10)).astype(np.int16)
    place = np.full((clips, frames, 3), 20.0, np.float32)
    return Clips(
        rng.integers(0, 256, (clips, frames, 64, 64, 3), dtype=np.uint8),
        np.zeros((clips, frames), np.uint8),
        since,
        place,
        [f"scene-{i // 2}" for i in range(clips)],
    )


def test_settled_leaves_out_the_first_five_frames_of_a_stretch():
    clips = made_up()
    predicted = np.where(clips.since_change < 5, 1, 0)
    scores = evaluation.score(clips, predicted)
    assert scores.settled == 1.0
    assert scores.raw == 0.5
    assert scores.interval == (1.0, 1.0)
    assert scores.by_frames_since_change[4:6] == [0.0, 1.0]


def test_interval_resamples_whole_photographs():
    clips = made_up()
    predicted = np.zeros((4, 40), int)
    predicted[2:] = 1
    low, high = evaluation.score(clips, predicted).interval
    assert (low, high) == (0.0, 1.0)


def test_lanes_carry_the_state_beyond_500_frames_and_reset():
    recipe = Recipe(lanes=4, window=8, reset_share=0.1)
    lanes = MotionLanes(made_up(frames=80), recipe)
    ages, age = [], np.zeros(4)
    for _ in range(300):
        window = lanes.next()
        ages += list(age[window.reset])
        age = np.where(window.reset, 0, age) + recipe.window
        assert not window.counts[window.reset][:, : recipe.burn_in].any()
    assert len(ages) > 3
    assert max(ages) > 500


def test_no_loss_right_after_a_change():
    lanes = MotionLanes(made_up(frames=80), Recipe(lanes=2, window=8))
    counted = [lanes.next().counts for _ in range(20)]
    assert 0.4 < np.mean(counted) < 0.75


def test_folding_keeps_the_output():
    torch.manual_seed(0)
    encoder = Encoder()
    frames = torch.randint(0, 256, (8, 64, 64, 3), dtype=torch.uint8)
    encoder.train()
    encoder(frames)
    encoder.eval()
    with torch.inference_mode():
        assert torch.allclose(encoder(frames), folded(encoder)(frames), atol=1e-4)


def test_folding_refuses_a_negative_scale():
    encoder = Encoder().eval()
    encoder.blocks[0][2].weight.data[3] = -1.0
    with pytest.raises(CheckFailedError, match="not positive"):
        folded(encoder)


def test_tiny_run_trains_exports_verifies_and_evaluates(tmp_path, capsys):
    work = ["--work", str(tmp_path / "work"), "--photographs", str(tmp_path), "--processes", "1"]
    output = tmp_path / "bundles" / "object-motion"
    arguments = ["train-object-motion", "--smoke", "--output", str(output), *work]
    assert main(arguments) == 0
    assert main(["verify", str(output)]) == 0
    assert main(["evaluate-object-motion", str(output), "--smoke", *work]) == 0
    assert "settled, class still" in capsys.readouterr().out
    assert [f.name for f in output.parent.iterdir()] == ["object-motion"]


def trained(recipe, cycle=0, **others):
    networks = new_networks(recipe.seed)
    training.train(networks, made_up(frames=80), None, recipe, cycle, **others)
    return networks


def test_the_same_seed_gives_the_same_weights():
    recipe = Recipe(steps=3, lanes=2, window=8, warm_up=1, threads=1)
    first, second = trained(recipe), trained(recipe)
    for a, b in zip(
        first.recurrent.state_dict().values(), second.recurrent.state_dict().values(), strict=True
    ):
        assert torch.equal(a, b)
    other = trained(Recipe(seed=2, steps=1, lanes=2, threads=1))
    assert not torch.equal(first.recurrent.head.weight, other.recurrent.head.weight)


def test_another_cycle_draws_other_clips_and_places():
    recipe = Recipe(steps=2, lanes=2, window=8, warm_up=1, threads=1)
    first, second = (MotionLanes(made_up(frames=80), recipe, cycle).next() for cycle in (0, 1))
    assert not np.array_equal(first.inputs, second.inputs)
    assert not torch.equal(
        trained(recipe).encoder.project.weight, trained(recipe, cycle=1).encoder.project.weight
    )


def first_dropout(cycle):
    networks, dropped = new_networks(1), []
    networks.recurrent.drop.p = 0.5
    networks.recurrent.drop.register_forward_hook(lambda *call: dropped.append(call[-1] == 0))
    recipe = Recipe(steps=1, lanes=2, window=8, warm_up=1, threads=1)
    training.train(networks, made_up(frames=80), None, recipe, cycle)
    return dropped[0]


def test_another_cycle_draws_other_dropout():
    assert torch.equal(first_dropout(1), first_dropout(1))
    assert not torch.equal(first_dropout(0), first_dropout(1))


def test_validations_are_reported_and_their_weights_kept(tmp_path):
    recipe = Recipe(steps=2, lanes=2, window=8, warm_up=1, every=1, threads=1)
    networks, lines = new_networks(1), []
    file = tmp_path / "weights.pt"
    clips = made_up(frames=80)
    training.train(networks, clips, made_up(), recipe, report=lines.append, weights=file)
    share = r"[01]\.\d{4}"
    for step, line in enumerate(lines, 1):
        assert re.fullmatch(
            rf"step {step}: loss \d\.\d{{3}}, validation settled {share}, raw {share},"
            rf" memoryless {share}",
            line,
        ), line
    assert len(lines) == 2
    again = new_networks(2)
    again.load(torch.load(file, weights_only=True))
    assert torch.equal(again.memoryless.head.weight, networks.memoryless.head.weight)
    assert torch.equal(again.encoder.project.weight, networks.encoder.project.weight)


def test_restored_lanes_go_on_with_the_same_windows():
    recipe = Recipe(lanes=3, window=8, reset_share=0.5)
    lanes = MotionLanes(made_up(frames=80), recipe)
    for _ in range(15):
        lanes.next()
    other = MotionLanes(made_up(frames=80), recipe)
    other.restore(lanes.state())
    for _ in range(15):
        one, two = lanes.next(), other.next()
        for name in ("inputs", "labels", "place", "counts", "reset"):
            assert np.array_equal(getattr(one, name), getattr(two, name)), name
