"""A consumer with guarantees: labels, states and offsets in one transaction, ten a second.

States lie in a compacted topic and are read again on assignment. A frame that is not newer than
the stream's last is dropped. A process whose transaction fails ends: memory is ahead of what
counts, and its supervisor starts it anew.
"""

from __future__ import annotations

import argparse
import struct
import sys
import time
from collections.abc import Callable

import numpy as np
from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)

from frames import Frame, write_label
from model import Model
from serving import Ahead, Running, arguments_of

COMMIT_SECONDS = 0.1
CALL_SECONDS = 10
RESTORE_SECONDS = 60

# Before a state's floats: session and sequence of the stream's last frame.
HEAD = struct.Struct("<qq")

Key = tuple[int, bytes]
State = tuple[int, int, np.ndarray]


class ExactlyOnceConsumer:
    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._model = Model(options.bundle)
        self._ahead = Ahead(self._model, options.threads)
        self._states: dict[Key, State] = {}
        self._dirty: set[Key] = set()
        self._offsets: dict[int, int] = {}
        self._is_open = False
        self._producer = Producer(
            {
                "bootstrap.servers": options.bootstrap_servers,
                "transactional.id": options.transactional_id,
                "transaction.timeout.ms": 10_000,
                "linger.ms": 5,
                "partitioner": "murmur2_random",
            }
        )
        self._producer.init_transactions(30)
        self._consumer = Consumer(self._reading(options.group))
        self._consumer.subscribe(
            [options.frames_topic],
            on_assign=self._assigned,
            on_revoke=self._revoked,
            on_lost=self._lost,
        )

    def _reading(self, group: str) -> dict[str, object]:
        return {
            "bootstrap.servers": self._options.bootstrap_servers,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "session.timeout.ms": 10_000,
        }

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
        if not self._is_open:
            self._producer.begin_transaction()
            self._is_open = True
        key = (message.partition(), message.key())
        session, sequence, state = self._states.get(key) or (-1, -1, self._model.initial())
        is_new = (frame["session"], frame["sequence"]) > (session, sequence)
        if features is not None and is_new:
            if frame["session"] != session:
                state = self._model.initial()
            scores, state = self._model.step(features, state)
            self._states[key] = (frame["session"], frame["sequence"], state)
            self._dirty.add(key)
            label = write_label(frame, self._model.labels, scores)
            self._producer.produce(self._options.labels_topic, label, message.key())
            self._producer.poll(0)
        self._offsets[message.partition()] = message.offset() + 1

    def _commit(self) -> None:
        """Everything since the last commit, at once."""
        if not self._is_open:
            return
        for partition, key in self._dirty:
            session, sequence, state = self._states[partition, key]
            value = HEAD.pack(session, sequence) + state.tobytes()
            self._producer.produce(self._options.states_topic, value, key, partition=partition)
        offsets = [
            TopicPartition(self._options.frames_topic, partition, offset)
            for partition, offset in self._offsets.items()
        ]
        group = self._consumer.consumer_group_metadata()
        self._retrying(lambda: self._producer.send_offsets_to_transaction(offsets, group, 10))
        self._retrying(lambda: self._producer.commit_transaction(10))
        self._is_open = False
        self._dirty.clear()
        self._offsets.clear()

    def _retrying(self, call: Callable[[], None]) -> None:
        while True:
            try:
                call()
                return
            except KafkaException as problem:
                error: KafkaError = problem.args[0]
                if error.retriable():
                    continue
                if error.txn_requires_abort():
                    self._producer.abort_transaction(CALL_SECONDS)
                sys.exit(f"transaction failed: {problem}")

    def _assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        if not partitions:
            return
        # Waits until no transaction of a process that is gone is open any more.
        topic = self._options.frames_topic
        consumer.committed([TopicPartition(topic, p.partition) for p in partitions], 30)
        self._restore([partition.partition for partition in partitions])

    def _restore(self, partitions: list[int]) -> None:
        """Reads the states of partitions up to what was written before now."""
        reading = self._reading(self._options.group + "-restore")
        reader = Consumer({**reading, "enable.partition.eof": True})
        starts = [TopicPartition(self._options.states_topic, p, 0) for p in partitions]
        ends = {s.partition: reader.get_watermark_offsets(s, CALL_SECONDS)[1] for s in starts}
        missing = {partition for partition, end in ends.items() if end > 0}
        reader.assign(starts)
        until = time.monotonic() + RESTORE_SECONDS
        while missing:
            if time.monotonic() > until:
                sys.exit(f"states were not read within {RESTORE_SECONDS} s")
            message = reader.poll(1)
            if message is None:
                continue
            error = message.error()
            if error is None:
                self._take_state(message)
            elif error.code() != KafkaError._PARTITION_EOF:
                raise KafkaException(error)
            elif message.offset() >= ends[message.partition()]:
                missing.discard(message.partition())
        reader.close()

    def _take_state(self, message: Message) -> None:
        value = message.value()
        session, sequence = HEAD.unpack_from(value)
        state = np.frombuffer(value, np.float32, offset=HEAD.size)
        shaped = state.reshape(self._model.state_shape)
        self._states[message.partition(), message.key()] = (session, sequence, shaped)

    def _revoked(self, _: Consumer, partitions: list[TopicPartition]) -> None:
        self._commit()
        gone = {partition.partition for partition in partitions}
        self._states = {key: s for key, s in self._states.items() if key[0] not in gone}
        self._ahead.forget(gone)

    @staticmethod
    def _lost(*_: object) -> None:
        sys.exit("partitions lost: another process may have gone on with them")


def main() -> None:
    parser = arguments_of(__doc__.splitlines()[0])
    parser.add_argument("--states-topic", required=True, help="compacted, partitions as frames'")
    parser.add_argument("--transactional-id", required=True, help="of this process alone")
    parser.add_argument("--threads", type=int, default=0, help="that decode and encode ahead")
    ExactlyOnceConsumer(parser.parse_args()).run()


if __name__ == "__main__":
    main()
