"""`train`: a recurrent classifier from a user's own clips."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gatestream_export.commands import options as shared
from gatestream_export.commands import train_options
from gatestream_export.errors import CheckFailedError, UsageError

if TYPE_CHECKING:
    from gatestream_export.nets.encoders import FrameEncoder
    from gatestream_export.training.settings import Settings

DESCRIPTION = """\
Trains a recurrent classifier from clips in class folders or from annotated videos.
Frames go through the decode and resize rule that the application uses. The run
folder keeps settings, metrics, curves and a checkpoint: the same command goes on
where it stopped. `export` makes a bundle of it. See docs/training.md.
"""

EPILOG = """\
examples:
  clips in one folder a class (clips/left/a.mp4, clips/right/b.mp4, ...):
    gatestream-export train --data clips --output runs/first
  the same command again goes on where it stopped; then write a bundle and use it:
    gatestream-export export runs/first --output models/first
    ./gatestream run --bootstrap-servers localhost:9092 --model models/first --create-topics
  long videos with annotated stretches, the rest is background:
    gatestream-export train --annotations actions.csv --output runs/actions --balanced
  few clips: a pre-trained encoder, frozen, its features computed once:
    gatestream-export train --data clips --encoder efficientnet-lite0 --output runs/lite
  the encoder of another bundle under a new recurrent part:
    gatestream-export train --data clips --encoder models/first --cell lstm --output runs/lstm
  MiniROAD's recipe:
    gatestream-export train --data clips --method windows --window 64 --output runs/windows
"""


def add(commands: shared.Commands) -> None:
    """Adds the command."""
    train = commands.add_parser(
        "train",
        help="train a model from your own clips",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=shared.EXAMPLES,
    )
    train_options.data(train.add_argument_group("data"))
    train_options.picture(
        train.add_argument_group("picture (part of the bundle: the application does the same)")
    )
    train_options.network(train.add_argument_group("network"))
    train_options.method(train.add_argument_group("method"))
    train_options.optimiser(train.add_argument_group("optimiser"))
    train_options.running(train.add_argument_group("run"))
    train.set_defaults(run=_train)


def _train(options: argparse.Namespace) -> None:
    from gatestream_export.training import session
    from gatestream_export.training.run import RunFolder

    settings, encoder = _settings(options)
    folder = RunFolder.start(options.output, settings, options.restart)
    try:
        with folder.locked():
            outcome = session.train(folder, settings, encoder, options.cache)
    except KeyboardInterrupt:
        step = folder.step()
        where = f"from step {step}" if step else "from the start: there was no checkpoint yet"
        print(f"stopped; the same command goes on in {options.output}, {where}", file=sys.stderr)
        raise
    except (UsageError, CheckFailedError):
        folder.abandon()
        raise
    print(session.summary(folder, outcome))


def _settings(options: argparse.Namespace) -> tuple[Settings, FrameEncoder]:
    """The settings of the options and the encoder, which decides some of them."""
    from gatestream_export.files import sha256
    from gatestream_export.training import session
    from gatestream_export.training.recipe import Recipe
    from gatestream_export.training.settings import Settings

    files = {n: getattr(options, n) for n in ("annotations", "auxiliary", "weights")}
    for name, file in files.items():
        if file is not None and not file.is_file():
            raise UsageError(f"--{name}: missing file: {file}")
    if options.data is not None and not options.data.is_dir():
        raise UsageError(f"--data: no such folder: {options.data}")
    if options.patience is not None and options.validation == 0:
        raise UsageError("--patience looks at the validation accuracy: not with --validation 0")
    windows = options.method == "windows"
    steps = 1000 if options.steps is None else options.steps
    recipe = Recipe(
        method=options.method,
        seed=options.seed,
        steps=steps,
        lanes=options.lanes,
        window=options.window or (128 if windows else 16),
        loss_last=options.loss_last,
        rate=options.rate,
        # A tenth spares what an encoder has learned before; random weights have nothing to lose.
        encoder_rate=options.encoder_rate or (options.rate if _random(options) else None),
        warm_up=min(50, steps // 10),
        weight_decay=options.weight_decay,
        clip=options.clip,
        balanced=options.balanced,
        burn_in=options.burn_in,
        reset_share=options.reset_share,
        drop=options.drop,
        every=options.every or max(1, -(-steps // 20)),
        patience=options.patience,
        threads=options.threads,
    )
    encoder, frozen = session.build_encoder(
        options.encoder,
        options.size,
        options.weights,
        options.features,
        True if options.freeze else False if options.fine_tune else None,
        options.seed,
    )
    picture = session.Picture(
        options.size,
        options.resize,
        options.interpolation,
        options.letterbox_colour,
        options.region,
        options.reduced_scale_jpeg,
        options.interval_millis,
    )
    rule, interval = picture.completed(encoder, options.encoder)
    digests = {name: sha256(file) for name, file in files.items() if file is not None}
    if encoder.file is not None:
        digests["encoder"] = sha256(encoder.file)
    path = Path(options.encoder)
    settings = Settings(
        data=_absolute(options.data),
        annotations=_absolute(options.annotations),
        auxiliary=_absolute(options.auxiliary),
        resize=rule,
        recipe=recipe,
        interval_millis=interval,
        jpeg_quality=options.jpeg or None,
        validation=options.validation,
        encoder=options.encoder if encoder.file is None else str(path.resolve()),
        weights=_absolute(options.weights),
        frozen=frozen,
        features=options.features,
        cell=options.cell,
        hidden=options.hidden,
        layers=options.layers,
        dropout=options.dropout,
        elapsed=options.elapsed,
        epochs=options.epochs,
        digests=digests,
    )
    return settings, encoder


def _random(options: argparse.Namespace) -> bool:
    from gatestream_export.nets.encoders import has_weights

    return not has_weights(options.encoder, options.weights)


def _absolute(path: Path | None) -> str | None:
    return None if path is None else str(path.resolve())
