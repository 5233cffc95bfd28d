package io.gatestream.stream;

import io.gatestream.config.RunConfig;
import io.gatestream.errors.OutageException;
import io.gatestream.lookahead.PartitionLags;
import io.gatestream.lookahead.RecordIntake;
import io.gatestream.model.ModelBundle;
import io.gatestream.stream.ask.Instances;
import io.gatestream.stream.ask.KafkaInstances;
import io.gatestream.stream.ask.KafkaStreamStore;
import io.gatestream.stream.ask.OpenTasks;
import io.gatestream.stream.ask.StreamStore;
import io.gatestream.stream.passes.LeavingClients;
import io.gatestream.stream.passes.PassIntake;
import io.gatestream.stream.passes.Passes;
import io.gatestream.stream.passes.TransactionFence;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka Streams of one instance, with what aborts the transactions of dead ones and what hears of
 * threads that end. Opened, started and closed by one thread; any may ask.
 */
final class StreamsClient implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamsClient.class);

  private final RunConfig config;
  private final Path stateFolder;
  private final KafkaStreams streams;
  private final Optional<TransactionFence> fence;
  private final Passes passes;
  private final Resources resources;

  /** Set before the threads are told to end. */
  private final AtomicBoolean closing;

  private StreamsClient(
      RunConfig config,
      Path stateFolder,
      KafkaStreams streams,
      Optional<TransactionFence> fence,
      Passes passes,
      Resources resources,
      AtomicBoolean closing) {
    this.config = config;
    this.stateFolder = stateFolder;
    this.streams = streams;
    this.fence = fence;
    this.passes = passes;
    this.resources = resources;
    this.closing = closing;
  }

  /**
   * Makes the threads and starts none.
   *
   * @param stateFolder of this instance
   * @param intake what polled records are shown to
   * @param lags kept by the consumers
   * @param end told of failures, and when Kafka Streams has stopped
   * @param tasks told of commits
   * @param address at which the other instances ask this one about streams
   */
  static StreamsClient open(
      RunConfig config,
      ModelBundle bundle,
      Topology topology,
      Path stateFolder,
      CheckedBrokers brokers,
      RecordIntake intake,
      PartitionLags lags,
      RunEnd end,
      MeterRegistry metrics,
      OpenTasks tasks,
      Optional<String> address) {
    Resources resources = new Resources();
    try {
      AtomicBoolean closing = new AtomicBoolean();
      Passes passes = new Passes(brokers.limits(), metrics, tasks::committed);
      LeavingClients clients =
          new LeavingClients(
              brokers.limits(), passes, () -> closing.get() && !config.closeLeavesGroup());
      Map<String, Object> settings =
          StreamsSettings.of(
              config, stateFolder, brokers.limits(), new PassIntake(intake, passes), lags);
      address.ifPresent(own -> settings.put(StreamsConfig.APPLICATION_SERVER_CONFIG, own));
      KafkaStreams streams = new KafkaStreams(topology, new StreamsConfig(settings), clients);
      resources.add(() -> close(streams, config, closing));
      Optional<TransactionFence> fence =
          TransactionFence.of(config, brokers.transactions(), clients, streams);
      fence.ifPresent(resources::add);
      StreamFailures failures = new StreamFailures(config, stateFolder, end);
      resources.add(ThreadDeaths.watch(failures::died));
      streams.setUncaughtExceptionHandler(failures);
      streams.setStateListener((now, before) -> onState(now, config, bundle, fence, end));
      resources.add(new KafkaStreamsMetrics(streams)).bindTo(metrics);
      return new StreamsClient(config, stateFolder, streams, fence, passes, resources, closing);
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  private static void onState(
      KafkaStreams.State now,
      RunConfig config,
      ModelBundle bundle,
      Optional<TransactionFence> fence,
      RunEnd end) {
    switch (now) {
      case REBALANCING -> fence.ifPresent(TransactionFence::partitionsMove);
      case RUNNING -> {
        fence.ifPresent(TransactionFence::partitionsStay);
        log.info(
            "running: {} {} on {}, application id {}",
            bundle.name(),
            bundle.version(),
            config.topics().frames(),
            config.applicationId());
      }
      // where our own handler was not asked; else it has told the cause before
      case ERROR -> end.fail(new OutageException("Kafka Streams has stopped by an error"));
      case NOT_RUNNING -> end.stop();
      default -> {}
    }
  }

  /**
   * Joins the group and begins to process.
   *
   * @throws io.gatestream.stream.state.DamagedStateException the local state is damaged, and
   *     deleted now
   * @throws OutageException the local state cannot be written
   */
  void start() {
    fence.ifPresent(TransactionFence::beforeStart);
    try {
      streams.start();
    } catch (ProcessorStateException e) {
      close(streams, config, closing);
      throw LocalStateFault.atStart(e, stateFolder, config.applicationId());
    }
  }

  /** The states of its partitions, for whoever asks. */
  StreamStore store() {
    return new KafkaStreamStore(streams, config.storage().storeName());
  }

  /**
   * The instances of the application, for whoever asks.
   *
   * @param address of this one
   */
  Instances instances(String address) {
    return new KafkaInstances(streams, config.storage().storeName(), address);
  }

  /** Whether it has its partitions and processes. */
  boolean isReady() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** Whether it can go on as it is. */
  boolean isLive() {
    return streams.state() != KafkaStreams.State.ERROR && !passes.areStuck();
  }

  /**
   * By default leaves the group, so that the others take over at once and not after the session
   * timeout. A static member stays, and has its partitions again if it is back before.
   */
  private static void close(KafkaStreams streams, RunConfig config, AtomicBoolean closing) {
    closing.set(true);
    Duration limit = Duration.ofSeconds(config.closeSeconds());
    if (!streams.close(
        CloseOptions.groupMembershipOperation(
                config.closeLeavesGroup()
                    ? CloseOptions.GroupMembershipOperation.LEAVE_GROUP
                    : CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP)
            .withTimeout(limit))) {
      log.warn("not closed within {} s: what was not committed is done again", limit.toSeconds());
    }
  }

  @Override
  public void close() {
    resources.close();
  }
}
