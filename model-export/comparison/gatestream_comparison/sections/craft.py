"""The report's parts on training craft and on frozen encoders."""

from __future__ import annotations

from typing import Any

from gatestream_comparison import encoder_features, intervals, wording
from gatestream_comparison.figures import Point, Scatter, Table
from gatestream_comparison.report import Section
from gatestream_comparison.settings import LAYERS, UNITS, Context
from gatestream_export.objectmotion.motion import INPUT_SIZE


def craft(context: Context, result: dict[str, Any]) -> Section:
    """The table of `craft.run`."""
    s = context.settings
    recipe = s.carried(1)
    text = wording.paragraphs(f"""\
One thing changed at a time on a GRU with {LAYERS} layers of {UNITS}: {s.frames():,} frames seen,
{len(s.few_seeds)} seeds. The baseline clips the gradient's norm at {recipe.clip:g}, has weight
decay {recipe.weight_decay:g}, no dropout, no class weights, drops up to {recipe.drop:.0%} of the
frames, resets the state between {recipe.reset_share:.0%} of the clips and has no loss on
{recipe.burn_in} frames after a reset or change. A choice is made by the validation column; the test
column stands there to be compared. "State not carried": windows of {s.window} from the initial
state, the loss on every frame. Mixed rates and fine-tuning need the encoder in the
loop and have no part in this table of cached features.
Differences below the spread say nothing. The classes of this data
are nearly equal in size, so class weights have little to do.""")
    rows = [
        (
            name,
            wording.over_seeds(one["validation"]),
            wording.over_seeds(one["test"]),
            f"{sum(one['framesSeen']) / len(one['framesSeen']):,.0f}",
        )
        for name, one in result.items()
    ]
    columns = ("training", "validation, settled", "test, settled", "frames seen")
    return Section("Training craft (system 7)", text, (Table(columns, rows),))


def encoders(context: Context, result: dict[str, Any]) -> Section:
    """Table and plot of `encoders.run`."""
    s = context.settings
    train, frames, test, test_frames = context.source.subset
    text = wording.paragraphs(f"""\
The same GRU ({LAYERS} layers of {UNITS}) on cached features of frozen encoders, on a subset:
{train} training clips of {frames} frames and {test} test clips of {test_frames}, {s.subset_steps}
steps, {len(s.few_seeds)} seeds. The bundle's own encoder was trained on this task and these
photographs, EfficientNet-Lite0 on ImageNet only. The frames are stored at {INPUT_SIZE}x{INPUT_SIZE}
and enlarged to the encoder's size, which is a handicap for a large encoder: a camera would give it
more. Pooled features are means over the picture and lose where the thing is; grid features keep it
roughly. Chance is about 0.11: with so few clips, features that were never trained to say where
something is do not carry motion over to new photographs; more clips or fine-tuning were not tried
here. Encode time: batch 1, one CPU thread. The name after the slash is the kind of features.""")
    rows, points = [], []
    for key, one in result.items():
        name = "the bundle's own" if key == encoder_features.BUNDLE else key
        mean, spread = intervals.mean_and_spread(one["test"])
        rows.append(
            (
                name,
                f"{one['side']}x{one['side']}",
                one["features"],
                f"{one['megabytes']:.1f} MB",
                f"{one['milliseconds']:.2f} ms",
                wording.over_seeds(one["validation"]),
                wording.over_seeds(one["test"]),
            )
        )
        points.append(
            Point(name, one["milliseconds"], mean, y_low=mean - spread, y_high=mean + spread)
        )
    columns = ("encoder", "input", "features", "graph", "a frame", "validation", "test, settled")
    plot = Scatter(
        name="encoders",
        title="Frozen encoders under the same GRU",
        x_label="ms a frame at batch 1, one thread",
        y_label="settled accuracy",
        caption="Settled accuracy on the subset against the time of a frame.",
        log_x=True,
        points=tuple(points),
    )
    return Section("Frozen encoders (system 7)", text, (Table(columns, rows),), (plot,))
