"""`train`: a recurrent classifier from a user's own clips."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gatestream_export.commands import options as shared
from gatestream_export.errors import UsageError

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


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    try:
        size = int(width), int(height)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}, wanted WIDTHxHEIGHT such as 64x64") from None
    if min(size) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}, wanted 1x1 or more")
    return size


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"{text}, wanted from 0 to below 1")
    return value


def _quality(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError(f"{value}, wanted 0 to 100")
    return value


def _above(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


def _colour(text: str) -> tuple[int, int, int]:
    try:
        values = tuple(int(v) for v in text.split(","))
    except ValueError:
        values = ()
    if len(values) != 3 or not all(0 <= v <= 255 for v in values):
        raise argparse.ArgumentTypeError(f"{text!r}, wanted R,G,B from 0 to 255")
    return values


def _region(text: str) -> tuple[float, float, float, float]:
    try:
        values = tuple(float(v) for v in text.split(","))
    except ValueError:
        values = ()
    if len(values) != 4:
        raise argparse.ArgumentTypeError(f"{text!r}, wanted X,Y,WIDTH,HEIGHT as shares of 1")
    return values


def add(commands) -> None:
    """Adds the command."""
    train = commands.add_parser(
        "train",
        help="train a model from your own clips",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=shared.EXAMPLES,
    )
    _data(train.add_argument_group("data"))
    _picture(
        train.add_argument_group("picture (part of the bundle: the application does the same)")
    )
    _network(train.add_argument_group("network"))
    _method(train.add_argument_group("method"))
    _optimiser(train.add_argument_group("optimiser"))
    _running(train.add_argument_group("run"))
    train.set_defaults(run=_train)


def _data(group) -> None:
    source = group.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, metavar="FOLDER", help="one folder of clips a class")
    source.add_argument(
        "--annotations",
        type=Path,
        metavar="CSV",
        help="video,start,end,label in seconds, paths relative to the file; the rest is background",
    )
    group.add_argument(
        "--auxiliary",
        type=Path,
        metavar="CSV",
        help="side features: video,time,v1,...,vn; a frame takes its video's latest row",
    )
    group.add_argument(
        "--validation",
        type=_share,
        default=0.2,
        metavar="SHARE",
        help="of the clips, drawn by class (default: %(default)s)",
    )


def _picture(group) -> None:
    group.add_argument(
        "--size",
        type=_size,
        metavar="WxH",
        help="default: the encoder's own (64x64 if it has none)",
    )
    group.add_argument(
        "--resize",
        choices=("stretch", "letterbox", "centre-crop"),
        help="how a frame of another shape gets that size (default: stretch)",
    )
    group.add_argument(
        "--interpolation",
        choices=("nearest", "linear", "cubic", "area"),
        help="default: area",
    )
    group.add_argument("--letterbox-colour", type=_colour, metavar="R,G,B", help="default: 0,0,0")
    group.add_argument(
        "--region", type=_region, metavar="X,Y,W,H", help="use only this part, as shares of 1"
    )
    group.add_argument(
        "--interval-millis",
        type=shared.positive,
        metavar="N",
        help="time between the frames that the model sees (default: 100)",
    )
    group.add_argument(
        "--jpeg",
        type=_quality,
        default=85,
        metavar="QUALITY",
        help="JPEG quality of the frames in the topic, as `./gatestream ingest` sends them; 0 where"
        " they arrive as video or raw (default: %(default)s)",
    )


def _network(group) -> None:
    group.add_argument(
        "--encoder",
        default="three-convolutions",
        metavar="NAME|FILE.onnx|BUNDLE",
        help="three-convolutions, efficientnet-lite0, torchvision:NAME (resnet18, ...), an ONNX"
        " file or a bundle folder, the last two always frozen (default: %(default)s)",
    )
    group.add_argument("--weights", type=Path, metavar="FILE", help="encoder weights to start from")
    how = group.add_mutually_exclusive_group()
    how.add_argument(
        "--freeze",
        action="store_true",
        help="keep the encoder as it is and cache its features; default for pre-trained encoders",
    )
    how.add_argument("--fine-tune", action="store_true", help="train the encoder too, slowly")
    group.add_argument(
        "--features",
        metavar="KIND",
        help="pooled, or grid (gridN: N x N cells) or flat, which keep where in the picture a"
        " feature is, or squeeze, learned (default: pooled; of three-convolutions squeeze)",
    )
    group.add_argument(
        "--cell",
        choices=("gru", "lstm", "rnn", "none"),
        default="gru",
        help="none has no memory: each frame alone (default: %(default)s)",
    )
    group.add_argument("--hidden", type=shared.positive, default=128, help="default: %(default)s")
    group.add_argument("--layers", type=shared.positive, default=1, help="default: %(default)s")
    group.add_argument("--dropout", type=_share, default=0.2, help="default: %(default)s")
    group.add_argument(
        "--elapsed",
        action="store_true",
        help="the seconds since the previous frame are an input, for irregular frame times",
    )


def _method(group) -> None:
    group.add_argument(
        "--method",
        choices=("carried", "windows"),
        default="carried",
        help="carried: clip after clip with the state carried on; windows: MiniROAD's, random"
        " windows from the initial state, loss on their last frames (default: %(default)s)",
    )
    group.add_argument(
        "--window", type=shared.positive, help="frames a step (default: 16; windows: 128)"
    )
    group.add_argument(
        "--lanes", type=shared.positive, default=16, help="streams a step (default: %(default)s)"
    )
    group.add_argument(
        "--burn-in", type=int, default=3, help="no loss so long after a change (default: 3)"
    )
    group.add_argument(
        "--reset-share",
        type=_share,
        default=0.35,
        help="how often a lane's state is reset between clips (default: %(default)s)",
    )
    group.add_argument(
        "--drop", type=_share, default=0.1, help="largest share of dropped frames (default: 0.1)"
    )
    group.add_argument(
        "--loss-last", type=shared.positive, default=1, help="windows: frames with a loss (1)"
    )


def _optimiser(group) -> None:
    length = group.add_mutually_exclusive_group()
    length.add_argument("--steps", type=shared.positive, help="optimiser steps (default: 1000)")
    length.add_argument("--epochs", type=_above, help="passes over the training frames instead")
    group.add_argument("--rate", type=_above, default=2e-3, help="default: %(default)s")
    group.add_argument(
        "--encoder-rate",
        type=_above,
        help="of the encoder (default: a tenth of --rate, or --rate for random weights)",
    )
    group.add_argument("--weight-decay", type=float, default=1e-4, help="default: %(default)s")
    group.add_argument(
        "--clip", type=_above, default=1.0, help="largest norm of the gradient (default: 1)"
    )
    group.add_argument("--balanced", action="store_true", help="rare classes weigh more")
    group.add_argument(
        "--patience", type=shared.positive, help="stop after so many validations without a gain"
    )


def _running(group) -> None:
    group.add_argument("--output", type=Path, required=True, metavar="RUN", help="the run folder")
    group.add_argument("--restart", action="store_true", help="start anew in that run folder")
    group.add_argument(
        "--every",
        type=shared.positive,
        help="steps between validations, each of which writes a checkpoint (default: steps / 20)",
    )
    group.add_argument(
        "--cache",
        type=Path,
        default=shared.cache() / "training",
        metavar="FOLDER",
        help="for decoded frames and features (default: in the user's cache)",
    )
    group.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    group.add_argument("--threads", type=shared.positive, default=2, help="default: %(default)s")


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
    print(session.summary(folder, outcome))


def _settings(options: argparse.Namespace):
    """The settings of the options and the encoder, which decides some of them."""
    from gatestream_export.bundle.contract import sha256
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
