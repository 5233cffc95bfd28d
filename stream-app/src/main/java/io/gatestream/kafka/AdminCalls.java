package io.gatestream.kafka;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.OutageException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * An admin client whose every call waits for its answer. Thread-safe.
 *
 * <p>Every call throws {@link OutageException} where the brokers do not answer in time, a {@link
 * KafkaException} of its kind where they refuse, and {@link InterruptException} where the thread is
 * interrupted.
 */
public final class AdminCalls implements AutoCloseable {
  private static final long PAUSE_MILLIS = 50;

  /** Kafka's own limit of a request. */
  private static final int REQUEST_MILLIS = 30_000;

  /** Calls wait for their answers, so nothing is under way but what was given up. */
  private static final Duration CLOSE = Duration.ofSeconds(1);

  private final KafkaAccess access;
  private final Admin client;

  /**
   * Makes the client; connects with the first call.
   *
   * @throws io.gatestream.errors.ConfigException Kafka refuses a client setting
   */
  public AdminCalls(KafkaAccess access) {
    this.access = access;
    Map<String, Object> settings = access.admin();
    int millis = Math.toIntExact(access.timeout().toMillis());
    settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    settings.putIfAbsent(
        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(millis, REQUEST_MILLIS));
    try {
      this.client = Admin.create(settings);
    } catch (KafkaException e) {
      throw ClientFault.inSettings(e);
    }
  }

  /** For calls that are made in one place only; {@link #get} waits for their answers. */
  public Admin client() {
    return client;
  }

  /** Waits for the answer to a question about one thing. */
  public <T> T answer(Map<?, KafkaFuture<T>> one) {
    return get(one.values().iterator().next());
  }

  /** Waits for an answer. */
  public <T> T get(KafkaFuture<T> future) {
    try {
      // the client's own limit comes first
      return future.get(access.timeout().toMillis() + 1_000, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw ClientFault.noAnswer(access, e);
      }
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    } catch (java.util.concurrent.TimeoutException e) {
      throw ClientFault.noAnswer(access, e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /**
   * Asks again and again until the answer is yes. A question without an answer is asked again too.
   *
   * @param what is waited for, in words
   * @throws OutageException the brokers' timeout is over; its cause is that the last question had
   *     no answer, where it had none
   */
  public void await(String what, BooleanSupplier question) {
    long until = System.nanoTime() + access.timeout().toNanos();
    while (true) {
      OutageException noAnswer = null;
      try {
        if (question.getAsBoolean()) {
          return;
        }
      } catch (OutageException e) {
        noAnswer = e;
      }
      if (System.nanoTime() > until) {
        throw new OutageException(
            "waited %d s for %s: look at the brokers, or raise --broker-timeout"
                .formatted(access.timeout().toSeconds(), what),
            noAnswer);
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
    }
  }

  @Override
  public void close() {
    client.close(CLOSE);
  }
}
