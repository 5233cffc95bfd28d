package io.gatestream.lookahead;

import io.gatestream.frame.decode.FrameDecoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of one consumer, by partition and in order of offset, and the decoder of its stream
 * thread. Only that thread touches it: Kafka Streams polls and processes on the same one.
 */
final class Window {
  private final Map<TopicPartition, ArrayDeque<RecordJob>> jobs = new HashMap<>();
  private @Nullable FrameDecoder decoder;

  FrameDecoder decoder(Supplier<FrameDecoder> decoders) {
    if (decoder == null) {
      decoder = decoders.get();
    }
    return decoder;
  }

  void add(TopicPartition partition, RecordJob job) {
    ArrayDeque<RecordJob> queue = jobs.computeIfAbsent(partition, p -> new ArrayDeque<>());
    if (!queue.isEmpty() && queue.peekLast().offset() >= job.offset()) {
      // Polled again after a seek: what was done for the old fetch is of no use.
      drop(queue);
    }
    queue.add(job);
  }

  /** The job at an offset; those before it are forgotten. */
  Optional<RecordJob> find(TopicPartition partition, long offset) {
    evict(partition, offset - 1);
    ArrayDeque<RecordJob> queue = jobs.get(partition);
    return queue == null || queue.isEmpty() || queue.peek().offset() != offset
        ? Optional.empty()
        : Optional.of(queue.peek());
  }

  /** The first jobs of each partition, the partitions in turns; see {@link FeatureSource}. */
  Iterator<UpcomingRecord> upcoming(int most) {
    List<UpcomingRecord> first = new ArrayList<>();
    List<Iterator<RecordJob>> partitions = new ArrayList<>();
    jobs.values().forEach(queue -> partitions.add(queue.iterator()));
    while (first.size() < most && !partitions.isEmpty()) {
      partitions.removeIf(queue -> !queue.hasNext());
      for (Iterator<RecordJob> queue : partitions) {
        RecordJob job = queue.next();
        if (job.hasKey()) {
          first.add(job);
        }
      }
    }
    return first.iterator();
  }

  /** Forgets the jobs up to and including an offset. */
  void evict(TopicPartition partition, long offset) {
    ArrayDeque<RecordJob> queue = jobs.get(partition);
    while (queue != null && !queue.isEmpty() && queue.peek().offset() <= offset) {
      queue.remove().drop();
    }
  }

  void purge(TopicPartition partition) {
    ArrayDeque<RecordJob> queue = jobs.remove(partition);
    if (queue != null) {
      drop(queue);
    }
  }

  void close() {
    jobs.values().forEach(Window::drop);
    jobs.clear();
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }

  int size() {
    return jobs.values().stream().mapToInt(ArrayDeque::size).sum();
  }

  private static void drop(ArrayDeque<RecordJob> queue) {
    queue.forEach(RecordJob::drop);
    queue.clear();
  }
}
