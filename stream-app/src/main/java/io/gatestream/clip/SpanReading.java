package io.gatestream.clip;

import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.Micros;
import io.gatestream.labels.SeenRecords;
import io.gatestream.labels.StreamRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Looks a frames topic through for the frames of a span. For one thread. */
final class SpanReading {
  /** A segment's record has the time of its first frame, so it may lie as far before. */
  private static final Duration LONGEST_SEGMENT = Duration.ofSeconds(61);

  private final AvroFrameCodec codec = new AvroFrameCodec(FrameLimits.DEFAULT);
  private final List<IndexedFrame> found = new ArrayList<>();
  private final ClipSpan span;
  private final ClipProgress progress;
  private long unreadable;

  private SpanReading(ClipSpan span, ClipProgress progress) {
    this.span = span;
    this.progress = progress;
  }

  /**
   * Finds them. Reads to the first frame behind the span, or to the topic's end where none comes.
   *
   * @throws io.gatestream.errors.ConfigException the topic does not exist
   */
  static FoundFrames read(
      StreamRecords records, String topic, ClipSpan span, ClipProgress progress) {
    SpanReading reading = new SpanReading(span, progress);
    SeenRecords seen =
        records.read(
            topic,
            span.stream(),
            span.partition(),
            span.from().minus(LONGEST_SEGMENT).toEpochMilli(),
            reading::take);
    return FoundFrames.of(
        span, topic, FrameIndex.of(reading.found, span), reading.unreadable, seen);
  }

  private boolean take(ConsumerRecord<byte[], byte[]> record) {
    try {
      IndexedFrame frame = IndexedFrame.of(record, codec.decode(record.value()));
      boolean over = frame.captured() > Micros.of(span.to());
      if (!over) {
        found.add(frame);
        progress.found(found.size());
      }
      return !(over && span.counts(frame.session()));
    } catch (FrameDecodeException e) {
      if (record.timestamp() >= span.from().toEpochMilli()
          && record.timestamp() <= span.to().toEpochMilli()) {
        unreadable++;
      }
      return true;
    }
  }
}
