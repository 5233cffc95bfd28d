package io.gatestream.stream;

import io.gatestream.config.RunConfig;
import io.gatestream.config.StartPosition;
import io.gatestream.errors.OutageException;
import io.gatestream.lookahead.Lookahead;
import io.gatestream.lookahead.PartitionLags;
import io.gatestream.lookahead.RecordIntake;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.RecurrentStep;
import io.gatestream.stream.ask.OpenTasks;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.state.DamagedStateException;
import io.gatestream.stream.state.StateFolder;
import io.gatestream.stream.state.StreamStateSerde;
import io.gatestream.stream.steps.RecordRules;
import io.gatestream.stream.steps.StepThreads;
import io.gatestream.stream.watch.OtlpExport;
import io.gatestream.stream.watch.StreamMetrics;
import io.gatestream.stream.watch.StreamWatch;
import io.gatestream.stream.watch.Ticks;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/**
 * One running instance: model, lookahead, topology and Kafka Streams, opened in this order and
 * closed in reverse. Opened and closed by one thread.
 */
public final class GatestreamApp implements AutoCloseable {
  private final StreamsClient streams;
  private final RunEnd end;
  private final MeterRegistry page;
  private final Resources resources;
  private final RunConfig config;

  private GatestreamApp(
      RunConfig config,
      StreamsClient streams,
      RunEnd end,
      MeterRegistry page,
      Resources resources) {
    this.config = config;
    this.streams = streams;
    this.end = end;
    this.page = page;
    this.resources = resources;
  }

  /**
   * Loads, calibrates and warms up the model, checks brokers and topics, locks the state folder,
   * tries what a dead instance was decoding; joins no group yet.
   *
   * @throws io.gatestream.errors.ConfigException the settings, bundle or topics cannot be used
   * @throws OutageException brokers or state folder cannot be had
   */
  public static GatestreamApp open(RunConfig config) {
    return open(config, Stages.REAL);
  }

  /**
   * The same for some records of the frames topic only.
   *
   * @param stateDir in which the state folder is; the journal of what is being decoded stays in
   *     that of the settings, so that records known to kill are known here
   */
  public static GatestreamApp open(RunConfig config, RecordSelection selection, Path stateDir) {
    return open(config, Stages.REAL, selection, stateDir);
  }

  /** The same with something before the parts of the way of a frame, for measuring and tests. */
  public static GatestreamApp open(RunConfig config, Stages stages) {
    return open(config, stages, RecordSelection.ALL, config.storage().stateDir());
  }

  private static GatestreamApp open(
      RunConfig given, Stages stages, RecordSelection selection, Path stateDir) {
    CompilerRules.give();
    Resources resources = new Resources();
    try {
      PrometheusMeterRegistry page = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      MeterRegistry metrics = registry(given.otlp(), page, resources);
      OpenedModel model = resources.add(OpenedModel.open(given));
      RunConfig config = given.withEvents(!model.events().isEmpty());
      ModelBundle bundle = model.bundle();
      CheckedBrokers brokers =
          resources.add(CheckedBrokers.check(config, model.stateRecordBytes()));
      StreamWatch watch = resources.add(StreamWatch.logging(brokers.partitions(), metrics));
      resources.add(Ticks.every(Duration.ofSeconds(5), "stream-watch", watch::tick));
      Path folder = resources.add(StateFolder.lock(stateDir, config.applicationId())).path();
      Lookahead lookahead =
          resources.add(GuardedLookahead.open(config, model, stages, metrics)).lookahead();
      PartitionLags lags = new PartitionLags();
      Overload overload = Overload.of(config.overload(), lags);
      StreamPolicy policy =
          new StreamPolicy(
              config.policy(), bundle.frameIntervalMicros(), bundle.stateFingerprint());
      RecurrentStep step = stages.step(model.runtime().step());
      RecordRules rules =
          new RecordRules(policy, step.initialState(), bundle.auxiliarySize().orElse(0));
      TaskEvents.Parts events =
          TaskEvents.Parts.of(bundle, model.events(), lags, selection == RecordSelection.ALL);
      OpenTasks tasks = new OpenTasks();
      FrameProcessor.Parts parts =
          new FrameProcessor.Parts(
              config.topics().frames(),
              config.storage().storeName(),
              lookahead,
              policy,
              rules,
              new FrameAdvance(
                  rules,
                  new LabelMaker(bundle, config.scoreLimit(), config.events().enabled()),
                  events.tracker()),
              new StepThreads(lookahead, step, rules, config.storage().hotStateBytes(), metrics),
              events,
              new Rejections(brokers.rejectedBytes()),
              new StreamMetrics(metrics),
              selection,
              overload,
              watch,
              tasks);
      RunEnd end = new RunEnd();
      Optional<Monitor.Opened> monitor =
          Monitor.open(config, bundle, brokers, tasks, page, watch).map(resources::add);
      StreamsClient streams =
          resources.add(
              StreamsClient.open(
                  config,
                  bundle,
                  topology(config, model, stages, parts),
                  folder,
                  brokers,
                  intake(lookahead, selection, overload),
                  lags,
                  end,
                  metrics,
                  tasks,
                  monitor.map(Monitor.Opened::address)));
      GatestreamApp app = new GatestreamApp(config, streams, end, page, resources);
      monitor.ifPresent(pages -> pages.serve(app::isLive, app::isReady, streams));
      return app;
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  /**
   * Where meters are registered: with the page, and with a collector where one is named. It is
   * closed last, and so told the last counts.
   */
  private static MeterRegistry registry(
      RunConfig.Otlp otlp, PrometheusMeterRegistry page, Resources resources) {
    if (otlp.endpoint().isEmpty()) {
      return page;
    }
    OtlpExport export =
        resources.add(OtlpExport.start(otlp.endpoint().orElseThrow(), otlp.interval()));
    return new CompositeMeterRegistry(Clock.SYSTEM, List.of(page, export.registry()));
  }

  private static Topology topology(
      RunConfig config, OpenedModel model, Stages stages, FrameProcessor.Parts parts) {
    return FrameTopology.of(
        config.topics(),
        config.start() == StartPosition.EARLIEST
            ? AutoOffsetReset.earliest()
            : AutoOffsetReset.latest(),
        config.events().enabled(),
        new FrameProcessorSupplier(
            parts, model.stateRecordBytes(), stages.states(new StreamStateSerde())));
  }

  private static RecordIntake intake(
      Lookahead lookahead, RecordSelection selection, Overload overload) {
    if (selection != RecordSelection.ALL) {
      return FilteredIntake.of(lookahead, selection);
    }
    return overload == Overload.KEEP_ALL ? lookahead : FilteredIntake.of(lookahead, overload);
  }

  /** Counters and timers of this instance, for watching. */
  public MeterRegistry metrics() {
    return page;
  }

  /**
   * Joins the group and begins to process.
   *
   * @throws DamagedStateException the local state is damaged, and deleted now: close this and open
   *     another
   * @throws OutageException the local state cannot be written
   */
  public void start() {
    streams.start();
  }

  /**
   * Blocks until the application ends by a failure of its own, or {@link #close} is called by
   * another thread.
   */
  public void await() throws InterruptedException {
    end.await();
  }

  /** Lets {@link #await} return. */
  public void stop() {
    end.stop();
  }

  /** Why the application ended by itself. */
  public Optional<Throwable> failure() {
    return end.failure();
  }

  /** Labels written since the start; those of an aborted transaction count again. For watching. */
  public long labelled() {
    return (long) page.get("gatestream.frames").tag("outcome", "labelled").counter().count();
  }

  /** Whether there are rules for events, and so a topic of them. */
  public boolean writesEvents() {
    return config.events().enabled();
  }

  public boolean isReady() {
    return streams.isReady();
  }

  boolean isLive() {
    return failure().isEmpty() && streams.isLive();
  }

  /** Commits what is done, leaves the group and releases everything. */
  @Override
  public void close() {
    end.stop();
    resources.close();
  }
}
