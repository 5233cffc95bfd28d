package io.gatestream.stream;

import io.gatestream.config.RunConfig;
import io.gatestream.errors.OutageException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of a stream thread that failed: another takes its place, or the application
 * ends where that cannot help or has not helped. Thread-safe.
 */
final class StreamFailures implements StreamsUncaughtExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(StreamFailures.class);

  private final RunConfig config;
  private final Path stateFolder;
  private final RunEnd end;
  private final FailureLimit failures = new FailureLimit(InstantSource.system());

  /**
   * Creates it.
   *
   * @param stateFolder of this instance
   */
  StreamFailures(RunConfig config, Path stateFolder, RunEnd end) {
    this.config = config;
    this.stateFolder = stateFolder;
    this.end = end;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable thrown) {
    // the thread throws it once more as it ends: without a handler the JVM would print its stack
    Thread.currentThread().setUncaughtExceptionHandler((thread, told) -> {});
    Diagnosis diagnosis = Diagnosis.of(thrown, config, stateFolder);
    if (diagnosis.isFinal() || failures.isReached(diagnosis.position())) {
      end.fail(new OutageException(diagnosis.message(), thrown));
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    log.warn("a stream thread failed and is replaced: {}", diagnosis.message());
    log.debug("the failure", thrown);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /** A thread that Kafka Streams does not ask about. */
  void died(Thread thread, Error error) {
    end.fail(
        new OutageException(
            Diagnosis.broken(error, "the thread '%s'".formatted(thread.getName())), error));
  }
}
