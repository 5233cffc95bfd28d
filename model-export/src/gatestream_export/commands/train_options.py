"""The options of `train`, group by group."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatestream_export.commands import option_types as types
from gatestream_export.commands import options as shared
from gatestream_export.picture.names import INTERPOLATIONS, MODES


def data(group: shared.Group) -> None:
    """What to train on."""
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
        type=types.share,
        default=0.2,
        metavar="SHARE",
        help="of the clips, drawn by class (default: %(default)s)",
    )


def picture(group: shared.Group) -> None:
    """What the model sees of a clip."""
    group.add_argument(
        "--size",
        type=types.size,
        metavar="WxH",
        help="default: the encoder's own (64x64 if it has none)",
    )
    group.add_argument(
        "--resize",
        choices=MODES,
        help="how a frame of another shape gets that size (default: stretch)",
    )
    group.add_argument(
        "--interpolation",
        choices=INTERPOLATIONS,
        help="default: area",
    )
    group.add_argument(
        "--reduced-scale-jpeg",
        action=argparse.BooleanOptionalAction,
        help="decode JPEGs of at least twice the size at a reduced scale, which is quicker"
        " (default: no, or as the bundle of --encoder has it)",
    )
    group.add_argument(
        "--letterbox-colour", type=types.colour, metavar="R,G,B", help="default: 0,0,0"
    )
    group.add_argument(
        "--region", type=types.region, metavar="X,Y,W,H", help="use only this part, as shares of 1"
    )
    group.add_argument(
        "--interval-millis",
        type=types.positive,
        metavar="N",
        help="time between the frames that the model sees (default: 100)",
    )
    group.add_argument(
        "--jpeg",
        type=types.quality,
        default=85,
        metavar="QUALITY",
        help="JPEG quality of the frames in the topic, as `./gatestream ingest` sends them; 0 where"
        " they arrive as video or raw (default: %(default)s)",
    )


def network(group: shared.Group) -> None:
    """Encoder, its features, and the recurrent part."""
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
    group.add_argument("--hidden", type=types.positive, default=128, help="default: %(default)s")
    group.add_argument("--layers", type=types.positive, default=1, help="default: %(default)s")
    group.add_argument("--dropout", type=types.share, default=0.2, help="default: %(default)s")
    group.add_argument(
        "--elapsed",
        action="store_true",
        help="the seconds since the previous frame are an input, for irregular frame times",
    )


def method(group: shared.Group) -> None:
    """How windows are drawn."""
    group.add_argument(
        "--method",
        choices=("carried", "windows"),
        default="carried",
        help="carried: clip after clip with the state carried on; windows: MiniROAD's, random"
        " windows from the initial state, loss on their last frames (default: %(default)s)",
    )
    group.add_argument(
        "--window", type=types.positive, help="frames a step (default: 16; windows: 128)"
    )
    group.add_argument(
        "--lanes", type=types.positive, default=16, help="streams a step (default: %(default)s)"
    )
    group.add_argument(
        "--burn-in",
        type=types.frames,
        default=3,
        metavar="FRAMES",
        help="no loss on so many frames after a reset or a change of label (default: 3)",
    )
    group.add_argument(
        "--reset-share",
        type=types.share,
        default=0.35,
        help="how often a lane's state is reset between clips (default: %(default)s)",
    )
    group.add_argument(
        "--drop",
        type=types.share,
        default=0.1,
        help="largest share of dropped frames (default: 0.1)",
    )
    group.add_argument(
        "--loss-last", type=types.positive, default=1, help="windows: frames with a loss (1)"
    )


def optimiser(group: shared.Group) -> None:
    """Length and rates."""
    length = group.add_mutually_exclusive_group()
    length.add_argument("--steps", type=types.positive, help="optimiser steps (default: 1000)")
    length.add_argument(
        "--epochs", type=types.above, help="passes over the training frames instead"
    )
    group.add_argument("--rate", type=types.above, default=2e-3, help="default: %(default)s")
    group.add_argument(
        "--encoder-rate",
        type=types.above,
        help="of the encoder (default: a tenth of --rate, or --rate for random weights)",
    )
    group.add_argument(
        "--weight-decay", type=types.not_negative, default=1e-4, help="default: %(default)s"
    )
    group.add_argument(
        "--clip", type=types.above, default=1.0, help="largest norm of the gradient (default: 1)"
    )
    group.add_argument("--balanced", action="store_true", help="rare classes weigh more")
    group.add_argument(
        "--patience", type=types.positive, help="stop after so many validations without a gain"
    )


def running(group: shared.Group) -> None:
    """The run folder, checkpoints, cache and seed."""
    group.add_argument("--output", type=Path, required=True, metavar="RUN", help="the run folder")
    group.add_argument("--restart", action="store_true", help="start anew in that run folder")
    group.add_argument(
        "--every",
        type=types.positive,
        help="steps between validations, each of which writes a checkpoint (default: steps / 20)",
    )
    group.add_argument(
        "--cache",
        type=Path,
        default=shared.cache() / "training",
        metavar="FOLDER",
        help="for decoded frames and features (default: in the user's cache)",
    )
    group.add_argument("--seed", type=types.whole, default=1, help="default: %(default)s")
    group.add_argument("--threads", type=types.positive, default=2, help="default: %(default)s")
