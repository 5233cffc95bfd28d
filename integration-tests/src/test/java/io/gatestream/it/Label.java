package io.gatestream.it;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.LabelCodec;
import io.gatestream.schema.FrameLabel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A committed label as it lies in its topic: equal only where key, timestamp and bytes are. */
record Label(String key, long timestamp, ByteBuffer value) {
  private static final LabelCodec CODEC = new LabelCodec();

  static Label of(ConsumerRecord<byte[], byte[]> record) {
    return new Label(
        new String(record.key(), StandardCharsets.UTF_8),
        record.timestamp(),
        ByteBuffer.wrap(record.value()));
  }

  static byte[] key(String stream) {
    return stream.getBytes(StandardCharsets.UTF_8);
  }

  /** What this label is for a stream of another name that has the same frames. */
  Label ofStream(String stream) {
    FrameLabel renamed = FrameLabel.newBuilder(decoded()).setStreamId(stream).build();
    return new Label(stream, timestamp, ByteBuffer.wrap(CODEC.encode(renamed)));
  }

  /** The label as it were if no frame of its stream had been rejected. */
  Label notRejected() {
    FrameLabel label = FrameLabel.newBuilder(decoded()).setRejected(0).build();
    return new Label(key, timestamp, ByteBuffer.wrap(CODEC.encode(label)));
  }

  FrameLabel decoded() {
    byte[] bytes = new byte[value.remaining()];
    value.duplicate().get(bytes);
    try {
      return CODEC.decode(bytes);
    } catch (FrameDecodeException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return "%s @%d %s".formatted(key, timestamp, decoded());
  }
}
