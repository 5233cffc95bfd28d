"""The report's parts on images as sequences and on the cell's equations."""

from __future__ import annotations

from typing import Any

from gatestream_comparison import wording
from gatestream_comparison.figures import Lines, Series, Table
from gatestream_comparison.report import Section
from gatestream_comparison.settings import Context


def images(context: Context, result: dict[str, Any]) -> Section:
    """Table and plot of `image_row.run`."""
    counts = next(iter(result.values()))["images"]
    cifar = (
        "CIFAR-10 was not measured: its files are needed. With `--cifar10 FOLDER` (the published"
        " binary layout) the CNN + GRU is trained and tested on it too."
    )
    if context.cifar10 is not None:
        cifar = f"On CIFAR-10 the CNN + GRU has {len(context.settings.few_seeds)} seeds."
    text = wording.paragraphs(f"""\
scikit-learn's handwritten digits: {counts[0]} training, {counts[1]} validation and {counts[2]} test
images, always the same ones; {len(context.settings.seeds)} seeds of the training. Who wrote which
is not recorded, so the same hands are in all three parts: on new hands the figures would be lower.
Rows of 8 pixels are frames: each image is a stream, the label after the last row is the image's.
The CNN + GRU takes
digits enlarged to 32x32; its GRU runs over the columns of the feature map inside the encoder, so
its step has no state. Training time is the processor time of one thread; an image is the steps
of its rows, or its encoder, in ONNX Runtime at batch 1.

{cifar}""")
    rows, series = [], []
    for name, one in result.items():
        cost = one["imageMicroseconds"]
        length = len(one["byFrame"])
        rows.append(
            (
                name,
                one["description"],
                wording.over_seeds(one["accuracies"]),
                f"{one['parameters']:,}",
                f"{sum(one['seconds']) / len(one['seconds']):.0f} s",
                "" if cost is None else f"{cost:.0f} µs",
            )
        )
        if length > 1:
            series.append(Series(name, one["byFrame"], x=range(1, length + 1)))
    columns = ("system", "what it is", "accuracy", "parameters", "training", "an image")
    plot = Lines(
        name="digits-by-row",
        title="Digits, row by row",
        x_label="rows seen",
        y_label="accuracy",
        caption="Test accuracy after each row, mean over seeds.",
        y_range=(0.0, 1.0),
        series=tuple(series),
    )
    return Section("Images as sequences (systems 1 to 3)", text, (Table(columns, rows),), (plot,))


def equations(context: Context, result: dict[str, Any]) -> Section:
    """The table of `equations_row.run`."""
    text = wording.paragraphs(f"""\
The GRU's update gate, reset gate, candidate and new state written out once (docs/gru.md has the
formulas and the two conventions), against torch and ONNX Runtime over {result["frames"]:,} frames,
{result["units"]} units, each side carrying its own state. "Before" and "after" say where the reset
gate stands to the recurrent product.""")
    rows = [(name, f"{value:.1e}") for name, value in result["differences"].items()]
    table = Table(("compared with", "largest difference of a state"), rows)
    return Section("The cell from its equations (system 4)", text, (table,))
