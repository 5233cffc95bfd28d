package io.gatestream.clip;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.LabelCodec;
import io.gatestream.frame.Micros;
import io.gatestream.labels.StreamRecords;
import io.gatestream.schema.FrameLabel;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the committed labels of a span say of each frame, as lines to be drawn. For one thread. */
final class SpanLabels {
  private final Map<FrameKey, List<String>> lines = new HashMap<>();

  /** A session, and a sequence in it. */
  private record FrameKey(long session, long sequence) {}

  /** The labels of a stream; where a frame has several, the last one counts. */
  static SpanLabels read(
      StreamRecords records, String topic, ClipSpan span, OptionalInt partition, long from) {
    SpanLabels labels = new SpanLabels();
    LabelCodec codec = new LabelCodec();
    long to = Micros.of(span.to());
    records.read(
        topic,
        span.stream(),
        partition,
        TimeUnit.MICROSECONDS.toMillis(from),
        record -> labels.add(record, codec, from, to, span));
    return labels;
  }

  private boolean add(
      ConsumerRecord<byte[], byte[]> record, LabelCodec codec, long from, long to, ClipSpan span) {
    try {
      FrameLabel label = codec.decode(record.value());
      long captured = Micros.of(label.getCaptureTime());
      if (captured >= from && captured <= to) {
        add(label);
      }
      return captured <= to || !span.counts(Micros.of(label.getSession()));
    } catch (FrameDecodeException e) {
      return true; // no label
    }
  }

  void add(FrameLabel label) {
    lines.put(new FrameKey(Micros.of(label.getSession()), label.getSequence()), text(label));
  }

  private static List<String> text(FrameLabel label) {
    String best =
        label.getScores().isEmpty()
            ? "no score"
            : String.format(
                Locale.ROOT,
                "%s %.2f",
                label.getScores().get(0).getLabel(),
                label.getScores().get(0).getScore());
    return label.getActive().isEmpty()
        ? List.of(best)
        : List.of(best, "on: " + String.join(", ", label.getActive()));
  }

  Optional<List<String>> of(long session, long sequence) {
    return Optional.ofNullable(lines.get(new FrameKey(session, sequence)));
  }
}
