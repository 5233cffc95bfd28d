"""Quix Streams, exactly once: the state in its RocksDB store and changelog topic."""

from __future__ import annotations

import numpy as np
from quixstreams import Application, State

from frames import read_frame, write_label
from model import Model
from serving import arguments_of


def main() -> None:
    parser = arguments_of(__doc__.splitlines()[0])
    parser.add_argument("--state-dir", required=True, help="of this process alone")
    parser.add_argument("--commit", type=float, default=5.0, help="seconds between transactions")
    options = parser.parse_args()
    model = Model(options.bundle)

    def classify(value: bytes, state: State) -> bytes | None:
        frame = read_frame(value)
        features = model.features(frame["payload"])
        if features is None:
            return None
        kept = state.get_bytes("hidden")
        if kept is None:
            hidden = model.initial()
        else:
            hidden = np.frombuffer(kept, np.float32).reshape(model.state_shape)
        scores, hidden = model.step(features, hidden)
        state.set_bytes("hidden", hidden.tobytes())
        return write_label(frame, model.labels, scores)

    application = Application(
        broker_address=options.bootstrap_servers,
        consumer_group=options.group,
        processing_guarantee="exactly-once",
        auto_offset_reset="earliest",
        commit_interval=options.commit,
        state_dir=options.state_dir,
        consumer_extra_config={"session.timeout.ms": 10_000},
        loglevel="WARNING",
    )
    frames = application.topic(options.frames_topic, value_deserializer="bytes")
    labels = application.topic(options.labels_topic, value_serializer="bytes")
    stream = application.dataframe(frames).apply(classify, stateful=True)
    stream.filter(lambda label: label is not None).to_topic(labels)
    application.run()


if __name__ == "__main__":
    main()
