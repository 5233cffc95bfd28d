package io.gatestream.evaluate;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.frame.LabelCodec;
import io.gatestream.labels.LabelReader;
import io.gatestream.labels.ReadLabel;
import io.gatestream.labels.StartPoint;
import io.gatestream.schema.FrameLabel;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A part of a labels topic.
 *
 * @param from where it starts
 * @param to labels of frames captured at or after it are left out
 * @param streams the stream ids that count
 */
public record TopicRange(StartPoint from, Optional<Instant> to, Predicate<String> streams) {
  private static final Duration WAIT = Duration.ofMillis(250);

  /**
   * What a reading left out.
   *
   * @param unparsable records that were no labels
   * @param cut partitions whose first labels, in the range or before it, are gone
   */
  record Unread(long unparsable, Set<Integer> cut) {}

  public TopicRange {
    if (from instanceof StartPoint.End) {
      throw new ConfigException("--from end leaves no labels to score: give beginning or a time");
    }
    if (from instanceof StartPoint.Time start
        && to.isPresent()
        && !start.time().isBefore(to.get())) {
      throw new ConfigException(
          "--to %s does not come after --from %s".formatted(to.get(), start.time()));
    }
  }

  boolean fromBeginning() {
    return from instanceof StartPoint.Beginning;
  }

  /** Whether a capture time, in milliseconds since the epoch, lies before the end. */
  boolean beforeEnd(long timestamp) {
    return to.isEmpty() || timestamp < to.get().toEpochMilli();
  }

  /**
   * Reads what was committed when it was called.
   *
   * @param stopped asked again and again; true ends the reading early
   * @return what could not be read
   */
  Unread read(
      KafkaAccess access, String topic, BooleanSupplier stopped, Consumer<FrameLabel> labels) {
    try (LabelReader reader =
        LabelReader.open(access, topic, from, new LabelCodec()::decode, line -> {})) {
      Set<Integer> cut = reader.cutPartitions();
      while (!reader.caughtUp() && !stopped.getAsBoolean()) {
        for (ReadLabel label : reader.poll(WAIT)) {
          if (reader.beforeEnd(label)
              && beforeEnd(label.timestamp())
              && streams.test(label.label().getStreamId())) {
            labels.accept(label.label());
          }
        }
        reader.foreign().requireOwn(reader.caughtUp());
      }
      return new Unread(reader.unparsable(), cut);
    }
  }
}
