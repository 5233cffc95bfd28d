package io.gatestream.lookahead;

import io.gatestream.frame.FrameCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.schema.Frame;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A record's position and value, and its frame, which whoever asks first parses. Thread-safe. */
final class PolledRecord {
  private final FrameCodec codec;
  private final TopicPartition partition;
  private final long offset;
  private final byte[] value;
  private @Nullable Frame frame;
  private @Nullable FrameDecodeException bad;

  /** Creates it; the array is kept, not copied. */
  PolledRecord(FrameCodec codec, TopicPartition partition, long offset, byte[] value) {
    this.codec = codec;
    this.partition = partition;
    this.offset = offset;
    this.value = value;
  }

  TopicPartition partition() {
    return partition;
  }

  long offset() {
    return offset;
  }

  /** The array itself, not a copy. */
  byte[] value() {
    return value;
  }

  /** Whether it is a single picture, or nothing that parses. */
  boolean isPicture() {
    try {
      return frame().getFrameCount() == 1;
    } catch (FrameDecodeException e) {
      return true;
    }
  }

  /** Its frame; a record that does not parse is told so each time. */
  synchronized Frame frame() throws FrameDecodeException {
    if (bad != null) {
      throw bad;
    }
    if (frame == null) {
      try {
        frame = codec.decode(value);
      } catch (FrameDecodeException e) {
        bad = e;
        throw e;
      }
    }
    return frame;
  }
}
