package io.gatestream.bench;

import io.gatestream.config.RunConfig;
import io.gatestream.stream.GatestreamApp;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import java.time.Duration;
import java.util.Optional;

/** An application that is measured while it runs in this process. */
interface MeasuredApp extends AutoCloseable {
  void start();

  boolean isReady();

  /** Frames that have a label so far. */
  long labelled();

  /** Frames that have been given to the encoder so far. */
  long encoded();

  /** Frames of which it is known so far what becomes of them: labelled or skipped. */
  long settled();

  Optional<Throwable> failure();

  @Override
  void close();

  /** Gatestream itself; {@code free} for a model that costs nothing. */
  static MeasuredApp gatestream(RunConfig config, boolean free) {
    GatestreamApp app =
        free ? GatestreamApp.open(config, new FreeModel()) : GatestreamApp.open(config);
    Counter labelled = app.metrics().get("gatestream.frames").tag("outcome", "labelled").counter();
    Counter skipped = app.metrics().get("gatestream.frames").tag("outcome", "skipped").counter();
    DistributionSummary encoded = app.metrics().get("gatestream.encode.batch").summary();
    return new MeasuredApp() {
      @Override
      public void start() {
        app.start();
      }

      @Override
      public boolean isReady() {
        return app.isReady();
      }

      @Override
      public long labelled() {
        return (long) labelled.count();
      }

      @Override
      public long encoded() {
        return (long) encoded.totalAmount();
      }

      @Override
      public long settled() {
        return (long) (labelled.count() + skipped.count());
      }

      @Override
      public Optional<Throwable> failure() {
        return app.failure();
      }

      @Override
      public void close() {
        app.close();
      }
    };
  }

  /** Kafka Streams by itself; {@code pace} from one record to the next on average. */
  static MeasuredApp bare(RunConfig config, boolean labels, Duration pace) {
    BareStreams bare = new BareStreams(config, labels, pace);
    return new MeasuredApp() {
      @Override
      public void start() {
        bare.start();
      }

      @Override
      public boolean isReady() {
        return bare.processed() > 0;
      }

      @Override
      public long labelled() {
        return bare.processed();
      }

      @Override
      public long encoded() {
        return bare.processed();
      }

      @Override
      public long settled() {
        return bare.processed();
      }

      @Override
      public Optional<Throwable> failure() {
        return bare.failure();
      }

      @Override
      public void close() {
        bare.close();
      }
    };
  }
}
