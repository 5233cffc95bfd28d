package io.gatestream.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.broker.EmbeddedBroker;
import io.gatestream.config.RunConfig;
import io.gatestream.model.RecurrentStep;
import io.gatestream.stream.passes.Passes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Steps of the model that take longer than something waits for, with a broker. */
@Tag("process")
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongPassesTest {
  @TempDir static Path folder;
  private EmbeddedBroker broker;
  private Admin admin;

  @BeforeAll
  void start() {
    broker = EmbeddedBroker.start(0, folder.resolve("broker"));
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @AfterAll
  void stop() {
    admin.close();
    broker.close();
  }

  private TestApplication application(String id, int partitions) {
    return new TestApplication(broker, folder.resolve("state"), id, partitions);
  }

  /** The stages whose step does something before. */
  private static Stages before(Runnable step) {
    return new Stages() {
      @Override
      public RecurrentStep step(RecurrentStep real) {
        return new RecurrentStep() {
          @Override
          public float[][] initialState() {
            return real.initialState();
          }

          @Override
          public Result step(float[] features, float[][] state, float elapsed, float[] auxiliary) {
            step.run();
            return real.step(features, state, elapsed, auxiliary);
          }

          @Override
          public void close() {
            real.close();
          }
        };
      }
    };
  }

  private List<String> undisturbed(String id, int frames) {
    TestApplication calm = application(id, 1);
    calm.send(frames);
    try (GatestreamApp app = GatestreamApp.open(calm.config())) {
      app.start();
      return calm.labels(0, frames, app);
    }
  }

  /**
   * The step waits, once something is written that is not committed, until the brokers have aborted
   * the transaction by its timeout, three times.
   */
  @Test
  void passesLongerThanTheirTransactionAreSeenAndDoneAgainWithTheSameLabels() {
    int frames = 20;
    TestApplication slow = application("slow", 1);
    slow.send(frames);
    AtomicReference<GatestreamApp> running = new AtomicReference<>();
    List<Boolean> liveAfterLosses = new ArrayList<>();
    Runnable step =
        new Runnable() {
          private int aborted;
          private long passesBefore = -1;

          @Override
          public void run() {
            GatestreamApp app = requireNonNull(running.get());
            if (aborted > lost(app)) {
              return; // still of the pass that is lost, which the thread does not know yet
            }
            if (aborted > liveAfterLosses.size()) {
              liveAfterLosses.add(app.isLive());
              passesBefore = -1;
            }
            long passes = passes(app);
            boolean open = passes == passesBefore;
            passesBefore = passes;
            if (aborted < Passes.MAX_LOST && open) {
              awaitOpen("slow", true);
              awaitOpen("slow", false);
              aborted++;
            }
          }
        };
    RunConfig config = slow.config("kafka.producer.transaction.timeout.ms", "1000");
    List<String> found;
    try (GatestreamApp app = GatestreamApp.open(config, before(step))) {
      running.set(app);
      app.start();
      found = slow.labels(0, frames, app);
      assertThat(lost(app)).isEqualTo(Passes.MAX_LOST);
      assertThat(liveAfterLosses).containsExactly(true, true, false);
      assertThat(app.isLive()).as("there was a commit since").isTrue();
    }
    assertThat(found).isEqualTo(undisturbed("slow-calm", frames));
  }

  /** What is polled at once may take longer than the interval: polls between keep the partition. */
  @Test
  void theWorkOfAPollMayTakeLongerThanThePollInterval() {
    int frames = 130;
    TestApplication slow = application("polls", 1);
    slow.send(frames);
    RunConfig config =
        slow.config(
            "kafka.main.consumer.max.poll.interval.ms", "10000",
            "max.poll.records", "1000",
            "buffered.records.per.partition", "1000");
    List<String> found;
    try (GatestreamApp app = GatestreamApp.open(config, before(() -> pause(80)))) {
      app.start();
      found = slow.labels(0, frames, app);
      assertThat(lost(app)).isZero();
      assertThat(app.metrics().get("gatestream.pass").timer().max(TimeUnit.MILLISECONDS))
          .isGreaterThanOrEqualTo(80);
    }
    assertThat(found).isEqualTo(undisturbed("polls-calm", frames));
  }

  private static long passes(GatestreamApp app) {
    return app.metrics().get("gatestream.pass").timer().count();
  }

  private static int lost(GatestreamApp app) {
    return (int) app.metrics().get("gatestream.passes.lost").counter().count();
  }

  /** Returns once the application has an open transaction, or none; the test's limit ends it. */
  private void awaitOpen(String id, boolean wanted) {
    Set<TransactionState> ongoing = Set.of(TransactionState.ONGOING);
    try {
      while (admin
              .listTransactions(new ListTransactionsOptions().filterStates(ongoing))
              .all()
              .get()
              .stream()
              .anyMatch(transaction -> transaction.transactionalId().startsWith(id + "-"))
          != wanted) {
        Thread.sleep(20);
      }
    } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A step that is slow itself: a machine that is slower only makes it longer. */
  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
