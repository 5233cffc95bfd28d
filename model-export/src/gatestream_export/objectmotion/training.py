"""Training of object motion: truncated back-propagation over lanes whose state is carried on.

Each lane of the batch plays clips one after the other. The state is detached between windows and
carried across clips, except for random resets, so that on average it is over 1,000 frames old.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from gatestream_export.objectmotion import evaluation
from gatestream_export.objectmotion.clips import Clips
from gatestream_export.objectmotion.motion import INPUT_SIZE, LABELS
from gatestream_export.objectmotion.network import (
    HIDDEN,
    LAYERS,
    Auxiliary,
    Encoder,
    Memoryless,
    Recurrent,
)

BURN_IN = 3
"""No loss on the first frames of a stretch, nor of a reset state."""

_FLIP_X = {"left": "right", "right": "left", "clockwise": "counter-clockwise"}
_FLIP_Y = {"up": "down", "down": "up", "clockwise": "counter-clockwise"}
_SWAP = {
    "left": "up",
    "up": "left",
    "right": "down",
    "down": "right",
    "clockwise": "counter-clockwise",
}


def _label_table(mapping: dict[str, str]) -> np.ndarray:
    both = mapping | {"counter-clockwise": "clockwise"}
    return np.array([LABELS.index(both.get(name, name)) for name in LABELS])


_TABLES = {
    "flip_x": _label_table(_FLIP_X),
    "flip_y": _label_table(_FLIP_Y),
    "swap": _label_table(_SWAP),
}


@dataclass(frozen=True)
class Recipe:
    """Everything that decides one cycle of a run besides the data.

    A run is one or more cycles of the cosine rate. Each after the first goes on from the weights of
    the one before with a new optimiser, new auxiliary head and new draws of clips.
    """

    seed: int = 1
    cycle: int = 0
    steps: int = 2400
    lanes: int = 32
    window: int = 16
    rate: float = 2e-3
    warm_up: int = 100
    weight_decay: float = 1e-4
    auxiliary: float = 1.0
    reset_share: float = 0.35
    threads: int = 2


@dataclass
class Model:
    """The trained parts. `memoryless` is the comparison head on the same encoder."""

    encoder: Encoder
    recurrent: Recurrent
    memoryless: Memoryless
    history: list[dict[str, float]] = field(default_factory=list)

    def train(self, mode: bool = True) -> None:
        """Switches all parts."""
        for part in (self.encoder, self.recurrent, self.memoryless):
            part.train(mode)

    def save(self, path: Path) -> None:
        """Writes the weights."""
        torch.save({k: getattr(self, k).state_dict() for k in _PARTS}, path)

    def load(self, path: Path) -> None:
        """Reads the weights back."""
        weights = torch.load(path, weights_only=True)
        for k in _PARTS:
            getattr(self, k).load_state_dict(weights[k])


_PARTS = ("encoder", "recurrent", "memoryless")


def new_model(seed: int) -> Model:
    """Untrained networks."""
    torch.manual_seed(seed)
    encoder = Encoder().to(memory_format=torch.channels_last)
    return Model(encoder, Recurrent(), Memoryless())


@dataclass
class _Lane:
    clip: int
    at: int
    drop: float
    channels: np.ndarray
    flip_x: bool
    flip_y: bool
    swap: bool
    since_reset: int


@dataclass(frozen=True)
class Window:
    """One window of all lanes, [lanes, window, ...]; a `reset` lane starts from the zero state."""

    frames: np.ndarray
    label: np.ndarray
    place: np.ndarray
    counts: np.ndarray
    reset: np.ndarray


class Lanes:
    """Draws windows from the clips; each lane's clip, flips and drops are its own."""

    def __init__(self, clips: Clips, recipe: Recipe) -> None:
        self._clips = clips
        self._recipe = recipe
        self._rng = np.random.default_rng(
            [recipe.seed, 99, *([recipe.cycle] if recipe.cycle else [])]
        )
        self._order: list[int] = []
        self._lanes = [self._next_clip(0) for _ in range(recipe.lanes)]
        for lane in self._lanes:
            lane.at = int(self._rng.integers(0, clips.frames.shape[1] - recipe.window))

    def _next_clip(self, since_reset: int) -> _Lane:
        rng = self._rng
        if not self._order:
            self._order = list(rng.permutation(len(self._clips.frames)))
        return _Lane(
            clip=int(self._order.pop()),
            at=0,
            drop=float(rng.uniform(0, 0.1)) if rng.random() < 0.4 else 0.0,
            channels=rng.permutation(3) if rng.random() < 0.4 else np.arange(3),
            flip_x=bool(rng.random() < 0.5),
            flip_y=bool(rng.random() < 0.5),
            swap=bool(rng.random() < 0.5),
            since_reset=since_reset,
        )

    def next(self) -> Window:
        """The next window."""
        lanes, size = self._recipe.lanes, self._recipe.window
        frames = np.empty((lanes, size, INPUT_SIZE, INPUT_SIZE, 3), np.uint8)
        label = np.empty((lanes, size), np.int64)
        place = np.empty((lanes, size, 3), np.float32)
        counts = np.empty((lanes, size), bool)
        reset = np.zeros(lanes, bool)
        length = self._clips.frames.shape[1]
        for row, lane in enumerate(self._lanes):
            steps = 1 + (self._rng.random(size) < lane.drop)
            take = lane.at + np.cumsum(steps) - 1
            if take[-1] >= length:
                reset[row] = self._rng.random() < self._recipe.reset_share
                lane = self._next_clip(0 if reset[row] else lane.since_reset)
                self._lanes[row] = lane
                steps = 1 + (self._rng.random(size) < lane.drop)
                take = np.cumsum(steps) - 1
            self._fill(lane, take, frames[row], label[row], place[row])
            since_reset = lane.since_reset + np.arange(size)
            since_change = self._clips.since_change[lane.clip, take]
            counts[row] = (since_change >= BURN_IN) & (since_reset >= BURN_IN)
            lane.at = int(take[-1]) + 1
            lane.since_reset += size
        return Window(frames, label, place, counts, reset)

    def _fill(self, lane, take, frames, label, place) -> None:
        pictures = self._clips.frames[lane.clip, take]
        truth = self._clips.label[lane.clip, take]
        where = self._clips.place[lane.clip, take].copy()
        if lane.flip_x:
            pictures, truth = pictures[:, :, ::-1], _TABLES["flip_x"][truth]
            where[:, 0] = INPUT_SIZE - where[:, 0]
        if lane.flip_y:
            pictures, truth = pictures[:, ::-1], _TABLES["flip_y"][truth]
            where[:, 1] = INPUT_SIZE - where[:, 1]
        if lane.swap:
            pictures, truth = pictures.transpose(0, 2, 1, 3), _TABLES["swap"][truth]
            where[:, [0, 1]] = where[:, [1, 0]]
        frames[:] = pictures[:, :, :, lane.channels]
        label[:] = truth
        place[:] = where


def normalised_place(place: np.ndarray) -> torch.Tensor:
    """Centre and log size, roughly within -1..1."""
    centre = (place[..., :2] - INPUT_SIZE / 2) / 16.0
    size = np.log(place[..., 2:] / 20.0) / 0.4
    return torch.from_numpy(np.concatenate([centre, size], axis=-1).astype(np.float32))


def _rate(step: int, recipe: Recipe) -> float:
    if step < recipe.warm_up:
        return (step + 1) / recipe.warm_up
    done = (step - recipe.warm_up) / max(1, recipe.steps - recipe.warm_up)
    return 0.5 * (1 + math.cos(math.pi * done)) + 1e-3


def train(
    clips: Clips,
    validation: Clips | None,
    recipe: Recipe,
    every: int = 400,
    report: Callable[[str], None] = tqdm.write,
    checkpoint: Path | None = None,
    start: Model | None = None,
) -> Model:
    """Trains one cycle, from `start` or anew; deterministic for a given thread count.

    The model comes back in evaluation mode. `checkpoint` is rewritten after each validation.
    """
    torch.set_num_threads(recipe.threads)
    torch.use_deterministic_algorithms(True)
    model = new_model(recipe.seed) if start is None else start
    if recipe.cycle:
        torch.manual_seed(recipe.seed + 1000 * recipe.cycle)
    auxiliary = Auxiliary()
    parts = [model.encoder, model.recurrent, model.memoryless, auxiliary]
    parameters = [p for part in parts for p in part.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=recipe.rate, weight_decay=recipe.weight_decay)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: _rate(s, recipe))
    lanes = Lanes(clips, recipe)
    state = torch.zeros(LAYERS, recipe.lanes, HIDDEN)
    cross_entropy = nn.CrossEntropyLoss()
    model.train()
    bar = tqdm(range(1, recipe.steps + 1), desc="train", unit="step", mininterval=10)
    for step in bar:
        window = lanes.next()
        state = state * torch.from_numpy(~window.reset).to(torch.float32)[None, :, None]
        flat = torch.from_numpy(window.frames).flatten(0, 1)
        features = model.encoder(flat).unflatten(0, window.label.shape)
        logits, state = model.recurrent(features, state)
        state = state.detach()
        counts = torch.from_numpy(window.counts)
        label = torch.from_numpy(window.label)
        motion_loss = cross_entropy(logits[counts], label[counts])
        place_loss = nn.functional.smooth_l1_loss(
            auxiliary(features), normalised_place(window.place), beta=0.1
        )
        single = model.memoryless(features.detach())
        single_loss = cross_entropy(single[counts], label[counts])
        loss = motion_loss + recipe.auxiliary * place_loss + single_loss
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        if step % 50 == 0:
            bar.set_postfix(motion=f"{motion_loss:.3f}", place=f"{place_loss:.3f}")
        if validation is not None and (step % every == 0 or step == recipe.steps):
            result = evaluation.evaluate(model, validation)
            model.train()
            model.history.append({"step": step, "settled": result.settled, "raw": result.raw})
            report(
                f"step {step}: loss {motion_loss:.3f}, validation settled {result.settled:.4f},"
                f" raw {result.raw:.4f}, memoryless {result.memoryless:.4f}"
            )
            if checkpoint is not None:
                model.save(checkpoint)
    model.train(False)
    return model
