package io.gatestream.stream.watch;

import io.gatestream.errors.Causes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the log how pushes of metrics go: the first failure at once, then a line every ten minutes
 * while they fail, and a line when they go on. Thread-safe.
 */
final class PushOutcomes {
  private static final Duration AGAIN = Duration.ofMinutes(10);

  private final String address;
  private final InstantSource clock;
  private final Consumer<String> warnings;
  private final Consumer<String> news;

  /** When the first of the pushes that fail has failed; null while all is well. */
  private @Nullable Instant since;

  private Instant said = Instant.MIN;
  private long failed;

  PushOutcomes(
      String address, InstantSource clock, Consumer<String> warnings, Consumer<String> news) {
    this.address = address;
    this.clock = clock;
    this.warnings = warnings;
    this.news = news;
  }

  synchronized void failed(Exception why) {
    Instant now = clock.instant();
    failed++;
    String cause = LogText.of(Causes.firstLine(Causes.text(why)));
    if (since == null) {
      since = now;
      said = now;
      warnings.accept(
          "metrics cannot be pushed to %s: %s; labelling goes on, and so do the pushes"
              .formatted(address, cause));
    } else if (Duration.between(said, now).compareTo(AGAIN) >= 0) {
      said = now;
      warnings.accept(
          "metrics have not come to %s for %d min (%d pushes): %s"
              .formatted(address, Duration.between(since, now).toMinutes(), failed, cause));
    }
  }

  synchronized void pushed() {
    if (since != null) {
      news.accept("metrics come to %s again, after %d pushes failed".formatted(address, failed));
      since = null;
      failed = 0;
    }
  }
}
