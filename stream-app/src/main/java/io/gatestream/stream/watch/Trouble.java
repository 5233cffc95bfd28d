package io.gatestream.stream.watch;

import io.gatestream.stream.policy.Admission;

/** Why frames of a stream get no label, or wrong ones; what an operator is told of it. */
enum Trouble {
  OLDER_SESSION(
      10,
      "its frames are of an older session than the stream's and are dropped",
      "a producer once ran with a clock in the future, or two producers send the same stream; the stream"
          + " follows the older session once it has gone on alone for session.return.millis, and any session"
          + " after a reset (a record with this key and a null value)"),
  LEFT_SESSION(
      10,
      "its frames are of a session that the stream went on from, and are dropped",
      "two producers send the same stream: stop one, or give each its own stream id"),
  SEQUENCE(
      100,
      "its frames have sequences not above the last one and are dropped as duplicates",
      "a producer sends frames again, or numbers from 0 again without a new session: a session is the start"
          + " of the producer's run; a reset (a record with this key and a null value) takes any sequence"),
  TIMES_STAND_STILL(
      50,
      "its frames are less than a millisecond apart by their capture times and are skipped",
      "the producer stamps frames in a burst or in a wrong unit: capture times are microseconds since 1970,"
          + " taken when the frame was"),
  TIMES_IN_ANOTHER_UNIT(
      1,
      "its capture times mean January or February 1970 and would be of this century in another unit",
      "the producer writes seconds or milliseconds where microseconds since 1970 are meant: multiply them"),
  OTHER_PARTITION(
      1,
      "its records are on another partition than Kafka's default partitioner gives its key",
      "the producer partitions in another way: set partitioner=murmur2_random where it is librdkafka"
          + " (Python, Go, C#, Rust); where producers differ, the stream has two states on two partitions"),
  REJECTED(Long.MAX_VALUE, "its frames are rejected", "./gatestream rejected shows why"),
  OVERLOAD(
      Long.MAX_VALUE,
      "its frames are skipped because their partition lags (overload=latest)",
      "give the application more cores or instances");

  private final long frames;
  private final String what;
  private final String advice;

  Trouble(long frames, String what, String advice) {
    this.frames = frames;
    this.what = what;
    this.advice = advice;
  }

  /** Frames from which on it is worth a line in the log. */
  long frames() {
    return frames;
  }

  String what() {
    return what;
  }

  String advice() {
    return advice;
  }

  static Trouble of(Admission.Cause cause) {
    return switch (cause) {
      case SEQUENCE -> SEQUENCE;
      case OLDER_SESSION -> OLDER_SESSION;
      case LEFT_SESSION -> LEFT_SESSION;
    };
  }
}
