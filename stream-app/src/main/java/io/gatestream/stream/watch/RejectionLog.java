package io.gatestream.stream.watch;

import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.LikelyCause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Tells the log of rejected records: the first one of a reason and likely cause at once, and then
 * one line a minute with how many there were and of which streams. Reasons and causes are few.
 * Thread-safe: all stream threads write, and a timer ticks.
 */
final class RejectionLog {
  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final int NAMED_STREAMS = 5;

  private final LikelyCause causes = new LikelyCause();
  private final InstantSource clock;
  private final Consumer<String> log;
  private final Map<Kind, Gathered> gathered = new LinkedHashMap<>();

  RejectionLog(InstantSource clock, Consumer<String> log) {
    this.clock = clock;
    this.log = log;
  }

  private record Kind(FrameDecodeException.Reason reason, Optional<String> cause) {}

  private static final class Gathered {
    private final Instant since;
    private final Set<String> streams = new LinkedHashSet<>();
    private boolean more;
    private long count;
    private String last = "";

    Gathered(Instant since) {
      this.since = since;
    }
  }

  /** Takes a rejected record; the cause is guessed outside of the lock. */
  void add(
      byte @Nullable [] key, byte @Nullable [] value, RecordMetadata at, FrameDecodeException bad) {
    Kind kind = new Kind(bad.reason(), causes.of(bad.reason().name(), key, value));
    String stream = key == null ? "(no key)" : "'" + LogText.of(key) + "'";
    String last =
        "%s-%d@%d: %s"
            .formatted(
                at.topic(),
                at.partition(),
                at.offset(),
                LogText.of(String.valueOf(bad.getMessage())));
    synchronized (this) {
      Gathered now = gathered.get(kind);
      if (now == null) {
        gathered.put(kind, new Gathered(clock.instant()));
        log.accept(
            "rejected a record of stream %s: %s, %s%s (./gatestream rejected shows them all)"
                .formatted(stream, kind.reason, last, likely(kind)));
        return;
      }
      now.count++;
      now.last = last;
      if (now.streams.size() < NAMED_STREAMS) {
        now.streams.add(stream);
      } else {
        now.more |= !now.streams.contains(stream);
      }
    }
  }

  /** Writes what a minute has gathered. */
  synchronized void tick() {
    Instant now = clock.instant();
    flush(now.minus(PERIOD));
  }

  /** Writes all that was gathered. */
  synchronized void flush() {
    flush(Instant.MAX);
  }

  private void flush(Instant begunUntil) {
    Map<Kind, Gathered> due = new LinkedHashMap<>(gathered);
    due.values().removeIf(one -> one.since.isAfter(begunUntil));
    due.forEach(
        (kind, one) -> {
          gathered.remove(kind);
          if (one.count > 0) {
            log.accept(
                "rejected %d more records within %d s: %s, of stream %s%s, the last %s%s"
                    .formatted(
                        one.count,
                        Math.max(1, Duration.between(one.since, clock.instant()).toSeconds()),
                        kind.reason,
                        String.join(", ", one.streams),
                        one.more ? " and others" : "",
                        one.last,
                        likely(kind)));
            // goes on: the next one waits for its minute, too
            gathered.put(kind, new Gathered(clock.instant()));
          }
        });
  }

  private static String likely(Kind kind) {
    return kind.cause.map(text -> "; likely cause: " + text).orElse("");
  }
}
