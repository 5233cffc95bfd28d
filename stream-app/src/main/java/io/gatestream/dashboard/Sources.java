package io.gatestream.dashboard;

import io.gatestream.frame.LabelCodec;
import io.gatestream.labels.EventReader;
import io.gatestream.labels.LabelReader;
import io.gatestream.labels.ReadEvent;
import io.gatestream.labels.ReadLabel;
import io.gatestream.labels.ReadReview;
import io.gatestream.labels.RejectedRecord;
import io.gatestream.labels.RejectedRecords;
import io.gatestream.labels.ReviewReader;
import io.gatestream.labels.StartPoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** The topics that a dashboard follows, and where it begins in them. */
final class Sources {
  /** Of a partition, though they are older than the history: so silent streams are seen. */
  private static final long LEAST_LABELS = 2_000;

  private static final long LEAST_EVENTS = 5_000;
  private static final long LEAST_REJECTED = 500;

  private final DashboardSettings settings;
  private final LabelCodec labels = new LabelCodec();

  Sources(DashboardSettings settings) {
    this.settings = settings;
  }

  private StartPoint recent(long least) {
    return new StartPoint.Recent(Instant.now().minus(settings.history()), least);
  }

  Supplier<Follower.Source<ReadLabel>> labels() {
    return () -> {
      LabelReader reader =
          LabelReader.open(
              settings.access(),
              settings.topics().labels(),
              recent(LEAST_LABELS),
              labels::decode,
              complaint -> {});
      return of(reader::poll, reader::caughtUp, reader::close);
    };
  }

  Supplier<Follower.Source<ReadEvent>> events() {
    return () -> {
      EventReader reader =
          EventReader.open(settings.access(), settings.topics().events(), recent(LEAST_EVENTS));
      return of(reader::poll, reader::caughtUp, reader::close);
    };
  }

  Supplier<Follower.Source<RejectedRecord>> rejected() {
    return () -> {
      RejectedRecords reader =
          RejectedRecords.open(
              settings.access(), settings.topics().rejected(), recent(LEAST_REJECTED));
      return of(reader::poll, reader::caughtUp, reader::close);
    };
  }

  Supplier<Follower.Source<ReadReview>> reviews() {
    return () -> {
      ReviewReader reader = ReviewReader.open(settings.access(), settings.reviews());
      return of(reader::poll, reader::caughtUp, reader::close);
    };
  }

  private static <T> Follower.Source<T> of(
      Function<Duration, List<T>> polling, BooleanSupplier caughtUp, Runnable closing) {
    return new Follower.Source<>() {
      @Override
      public List<T> poll(Duration wait) {
        return polling.apply(wait);
      }

      @Override
      public boolean caughtUp() {
        return caughtUp.getAsBoolean();
      }

      @Override
      public void close() {
        closing.run();
      }
    };
  }
}
