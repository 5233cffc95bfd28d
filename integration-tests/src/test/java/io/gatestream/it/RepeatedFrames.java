package io.gatestream.it;

import static java.util.Objects.requireNonNull;

import io.gatestream.schema.Frame;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Frames that stand in the source topic more than once: a feed that retries after its broker was
 * killed may write a batch again. The application has to count them as duplicates, no more and no
 * less.
 */
final class RepeatedFrames {
  private final Map<String, Map<Long, Long>> before = new HashMap<>();
  private final Map<String, Long> last = new HashMap<>();
  private final Map<String, Long> repeated = new TreeMap<>();

  private RepeatedFrames() {}

  /** Reads a source topic's records, which are in the order of their partitions. */
  static RepeatedFrames of(Collection<ConsumerRecord<byte[], byte[]>> records) {
    RepeatedFrames repeats = new RepeatedFrames();
    records.forEach(record -> repeats.add(Kafka.frame(record.value()).orElseThrow()));
    return repeats;
  }

  private void add(Frame frame) {
    String stream = frame.getStreamId();
    if (frame.getSequence() <= last.getOrDefault(stream, -1L)) {
      repeated.merge(stream, (long) frame.getFrameCount(), Long::sum);
      return;
    }
    last.put(stream, frame.getSequence() + frame.getFrameCount() - 1);
    for (int i = 0; i < frame.getFrameCount(); i++) {
      before
          .computeIfAbsent(stream, name -> new HashMap<>())
          .put(frame.getSequence() + i, repeated.getOrDefault(stream, 0L));
    }
  }

  /** The labels of a topic without repeats, as they are with these. */
  Labels countedIn(Labels labels) {
    Map<String, List<Label>> counted = new TreeMap<>();
    labels
        .byStream()
        .forEach(
            (stream, all) ->
                counted.put(
                    stream,
                    all.stream()
                        .map(
                            label ->
                                label.withDuplicates(
                                    requireNonNull(
                                        requireNonNull(before.get(stream))
                                            .get(label.decoded().getSequence()))))
                        .toList()));
    return new Labels(counted);
  }

  /** How many frames of which streams. */
  @Override
  public String toString() {
    return repeated.isEmpty()
        ? "no frame repeated by the feed"
        : "repeated by the feed " + repeated;
  }
}
