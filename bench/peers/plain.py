"""A plain consumer: at least once, states in memory, lost where the process dies.

Offsets are committed each second, after the labels before them are delivered.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
from confluent_kafka import Consumer, KafkaException, Message, Producer, TopicPartition

from frames import Frame, write_label
from model import Model
from serving import Ahead, Running, arguments_of

COMMIT_SECONDS = 1.0


class PlainConsumer:
    def __init__(self, options: argparse.Namespace) -> None:
        self._model = Model(options.bundle)
        self._ahead = Ahead(self._model, options.threads)
        self._labels_topic = options.labels_topic
        self._states: dict[tuple[int, bytes], np.ndarray] = {}
        self._is_dirty = False
        self._producer = Producer(
            {
                "bootstrap.servers": options.bootstrap_servers,
                "linger.ms": 5,
                "partitioner": "murmur2_random",
                "enable.idempotence": True,
            }
        )
        self._consumer = Consumer(
            {
                "bootstrap.servers": options.bootstrap_servers,
                "group.id": options.group,
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "session.timeout.ms": 10_000,
            }
        )
        self._consumer.subscribe(
            [options.frames_topic], on_revoke=self._revoked, on_lost=self._forget
        )

    def run(self) -> None:
        running = Running()
        committed = time.monotonic()
        while running:
            work = self._ahead.next(self._consumer)
            if work is not None:
                self._advance(*work)
            if time.monotonic() - committed > COMMIT_SECONDS:
                self._commit()
                committed = time.monotonic()
        self._ahead.close()
        self._commit()
        self._consumer.close()

    def _advance(self, message: Message, frame: Frame, features: np.ndarray | None) -> None:
        if features is not None:
            key = (message.partition(), message.key())
            state = self._states.get(key)
            if state is None:
                state = self._model.initial()
            scores, self._states[key] = self._model.step(features, state)
            label = write_label(frame, self._model.labels, scores)
            self._producer.produce(self._labels_topic, label, message.key())
            self._producer.poll(0)
        self._consumer.store_offsets(message)
        self._is_dirty = True

    def _commit(self) -> None:
        if not self._is_dirty:
            return
        self._producer.flush()
        try:
            self._consumer.commit(asynchronous=False)
        except KafkaException as problem:
            # A rebalance came first: another process labels those frames again.
            print("commit:", problem, file=sys.stderr)
        self._is_dirty = False

    def _revoked(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        self._commit()
        self._forget(consumer, partitions)

    def _forget(self, _: Consumer, partitions: list[TopicPartition]) -> None:
        gone = {partition.partition for partition in partitions}
        self._states = {key: s for key, s in self._states.items() if key[0] not in gone}
        self._ahead.forget(gone)


def main() -> None:
    parser = arguments_of(__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=0, help="that decode and encode ahead")
    PlainConsumer(parser.parse_args()).run()


if __name__ == "__main__":
    main()
