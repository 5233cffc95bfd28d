"""What the consumers of plain.py and exactly_once.py have in common."""

from __future__ import annotations

import argparse
import signal
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
from confluent_kafka import Consumer, Message

from frames import Frame, read_frame
from model import Model

# Frames that are decoded and encoded before their turn, and records taken at once.
AHEAD = 48
AT_ONCE = 16

Work = tuple[Frame, "np.ndarray | None"]


def arguments_of(description: str) -> argparse.ArgumentParser:
    """The arguments that every peer takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--bootstrap-servers", required=True)
    parser.add_argument("--frames-topic", required=True)
    parser.add_argument("--labels-topic", required=True)
    parser.add_argument("--group", required=True)
    return parser


class Running:
    """True until Ctrl-C or SIGTERM."""

    def __init__(self) -> None:
        self._running = True
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)

    def _stop(self, *_: object) -> None:
        self._running = False

    def __bool__(self) -> bool:
        return self._running


class Ahead:
    """Records in their order with the features of their frames.

    With threads, these decode and encode ahead; without, it is done when a record's turn comes.
    """

    def __init__(self, model: Model, threads: int) -> None:
        self._model = model
        self._pool = ThreadPoolExecutor(threads) if threads else None
        self._waiting: deque[tuple[Message, Future[Work] | None]] = deque()

    def next(self, consumer: Consumer) -> tuple[Message, Frame, np.ndarray | None] | None:
        """The next record; None where none comes at once."""
        if not self._waiting:
            self._add(consumer.poll(0.02))
        if self._pool is not None and len(self._waiting) < AHEAD:
            for message in consumer.consume(AT_ONCE, 0):
                self._add(message)
        if not self._waiting:
            return None
        message, future = self._waiting.popleft()
        return message, *(future.result() if future else self._work(message))

    def _add(self, message: Message | None) -> None:
        if message is not None and message.error() is None:
            future = self._pool.submit(self._work, message) if self._pool else None
            self._waiting.append((message, future))

    def _work(self, message: Message) -> Work:
        frame = read_frame(message.value())
        return frame, self._model.features(frame["payload"])

    def forget(self, partitions: set[int]) -> None:
        """Drops what waits of partitions that another process takes over."""
        kept = [waiting for waiting in self._waiting if waiting[0].partition() not in partitions]
        self._waiting.clear()
        self._waiting.extend(kept)

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
