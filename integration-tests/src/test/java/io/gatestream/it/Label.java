package io.gatestream.it;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.LabelCodec;
import io.gatestream.schema.FrameLabel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A committed label as it lies in its topic: equal only where key, timestamp, bytes and headers
 * are.
 *
 * @param headers as {@code NAME=VALUE}
 */
record Label(String key, long timestamp, ByteBuffer value, List<String> headers) {
  private static final LabelCodec CODEC = new LabelCodec();

  static Label of(ConsumerRecord<byte[], byte[]> record) {
    return new Label(
        new String(record.key(), StandardCharsets.UTF_8),
        record.timestamp(),
        ByteBuffer.wrap(record.value()),
        Stream.of(record.headers().toArray())
            .map(header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
            .toList());
  }

  static byte[] key(String stream) {
    return stream.getBytes(StandardCharsets.UTF_8);
  }

  /** The same label but for some fields. */
  Label with(UnaryOperator<FrameLabel.Builder> change) {
    FrameLabel changed = change.apply(FrameLabel.newBuilder(decoded())).build();
    return new Label(key, timestamp, ByteBuffer.wrap(CODEC.encode(changed)), headers);
  }

  /** What this label is for a stream of another name that has the same frames. */
  Label ofStream(String stream) {
    FrameLabel renamed = FrameLabel.newBuilder(decoded()).setStreamId(stream).build();
    return new Label(stream, timestamp, ByteBuffer.wrap(CODEC.encode(renamed)), headers);
  }

  /** The label as it were if no frame of its stream had been rejected. */
  Label notRejected() {
    FrameLabel label = FrameLabel.newBuilder(decoded()).setRejected(0).build();
    return new Label(key, timestamp, ByteBuffer.wrap(CODEC.encode(label)), headers);
  }

  /** The label as it is after so many of its stream's frames were dropped as duplicates. */
  Label withDuplicates(long duplicates) {
    FrameLabel label = FrameLabel.newBuilder(decoded()).setDuplicates(duplicates).build();
    return new Label(key, timestamp, ByteBuffer.wrap(CODEC.encode(label)), headers);
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
    return "%s @%d %s %s".formatted(key, timestamp, decoded(), headers);
  }
}
