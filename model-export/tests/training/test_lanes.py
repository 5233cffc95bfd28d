"""Which frames a window holds, which of them count, and that both kinds of source can go on."""

import numpy as np
import pytest

from gatestream_export.data.sequences import IGNORED, Sequences, Stream, stream
from gatestream_export.training.lanes import since_change, windows
from gatestream_export.training.recipe import WINDOWS, Recipe


def numbered(lengths, classes=3):
    """Streams whose single feature is 1000 * stream + frame."""
    streams = []
    for i, length in enumerate(lengths):
        inputs = (1000 * i + np.arange(length, dtype=np.float32))[:, None]
        streams.append(stream(f"s{i}", inputs, (np.arange(length) // 7) % classes))
    return Sequences(("a", "b", "c")[:classes], tuple(streams))


def recipe(**changes):
    return Recipe(**{"lanes": 4, "window": 8, "drop": 0.0, "threads": 1, **changes})


def test_frames_since_a_change_start_again_with_each_label():
    assert since_change(np.array([2, 2, 2, 0, 0, 1])).tolist() == [0, 1, 2, 0, 1, 0]
    assert since_change(np.array([IGNORED, IGNORED, 0])).tolist() == [0, 1, 0]


def test_carried_lanes_play_streams_without_a_gap_between_resets():
    source = windows(numbered([30, 21, 9]), recipe(reset_share=0.5, lanes=1))
    last = None
    starts = resets = 0
    for _ in range(200):
        window = source.next()
        real = window.real[0]
        assert real[: real.sum()].all()
        if window.reset[0]:
            resets += 1
            last = None
        for value in window.inputs[0][real][:, 0]:
            if last is not None and value != last + 1:
                assert value % 1000 == 0, (last, value)
                assert last in (29, 1020, 2008)
                starts += 1
            last = value
    assert starts > 10
    assert resets > 10


def test_a_window_that_ends_with_a_reset_is_padded_without_loss():
    source = windows(numbered([11]), recipe(reset_share=0.99, lanes=1))
    padded = [w for w in (source.next() for _ in range(50)) if not w.real.all()]
    assert padded
    for window in padded:
        assert not window.counts[~window.real].any()
        assert (window.labels[~window.real] == IGNORED).all()


def test_burn_in_takes_the_first_frames_after_reset_and_change_from_the_loss():
    source = windows(numbered([70]), recipe(reset_share=0.0, burn_in=3))
    first = source.next()
    assert not first.counts[:, :3].any()
    for _ in range(30):
        window = source.next()
        frame = window.inputs[..., 0].astype(int)
        assert (window.counts == (frame % 7 >= 3)).all()


def test_dropped_frames_show_in_the_elapsed_time():
    source = windows(numbered([500]), recipe(drop=0.9, reset_share=0.0, lanes=8))
    dropped = 0
    for _ in range(30):
        window = source.next()
        frame = window.inputs[..., 0]
        steps = np.diff(frame, axis=1)
        inside = steps > 0
        assert np.allclose(window.elapsed[:, 1:][inside], 0.1 * steps[inside], atol=1e-5)
        dropped += int((steps > 1).sum())
    assert dropped > 50


def test_elapsed_is_zero_after_a_reset_as_in_the_application():
    for method in ({}, {"method": WINDOWS}):
        source = windows(numbered([40, 40]), recipe(**method))
        for _ in range(20):
            window = source.next()
            started = window.reset & window.real[:, 0]
            assert (window.elapsed[started, 0] == 0).all()


def test_random_windows_count_their_last_frames_only():
    source = windows(numbered([40, 5]), recipe(method=WINDOWS, loss_last=2))
    short = 0
    for _ in range(40):
        window = source.next()
        assert window.reset.all()
        for row in range(4):
            real = int(window.real[row].sum())
            assert window.counts[row].nonzero()[0].tolist() == [real - 2, real - 1]
            short += real == 5
    assert short > 5


@pytest.mark.parametrize("method", [{}, {"method": WINDOWS}])
def test_a_restored_source_goes_on_with_the_same_windows(method):
    settings = recipe(drop=0.3, **method)
    data = numbered([33, 50, 12])
    source = windows(data, settings)
    for _ in range(17):
        source.next()
    state = source.state()
    other = windows(data, settings)
    other.restore(state)
    for _ in range(20):
        one, two = source.next(), other.next()
        for name in ("inputs", "labels", "elapsed", "counts", "reset"):
            assert np.array_equal(getattr(one, name), getattr(two, name)), name


def test_a_stream_with_times_that_do_not_rise_is_refused():
    with pytest.raises(ValueError, match="s: times do not rise"):
        stream("s", np.zeros((3, 1), np.float32), [0, 0, 0], times=[0.0, 0.2, 0.2])
    with pytest.raises(ValueError, match="2 labels for 3 frames"):
        Stream("s", "s", np.zeros((3, 1)), np.zeros(2), np.arange(3.0), np.zeros((3, 0)))
