package io.gatestream.stream;

import io.gatestream.config.RunConfig;
import io.gatestream.config.StartPosition;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.ToldException;
import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameCodec;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.decode.NativeSetup;
import io.gatestream.frame.decode.PictureDecoders;
import io.gatestream.guard.CrashGuard;
import io.gatestream.guard.TrialSettings;
import io.gatestream.kafka.KafkaTransactions;
import io.gatestream.kafka.Transactions;
import io.gatestream.lookahead.DecodeWatch;
import io.gatestream.lookahead.Lookahead;
import io.gatestream.lookahead.LookaheadSettings;
import io.gatestream.lookahead.PartitionLags;
import io.gatestream.lookahead.Prediction;
import io.gatestream.lookahead.RecordIntake;
import io.gatestream.model.ComputePlan;
import io.gatestream.model.FrameEncoder;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelMemory;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.calibration.CalibratedRuntime;
import io.gatestream.stream.passes.LeavingClients;
import io.gatestream.stream.passes.PassIntake;
import io.gatestream.stream.passes.PassLimits;
import io.gatestream.stream.passes.Passes;
import io.gatestream.stream.passes.TransactionFence;
import io.gatestream.stream.policy.DuePrediction;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.state.DamagedStateException;
import io.gatestream.stream.state.StateFolder;
import io.gatestream.stream.state.StoreLibraries;
import io.gatestream.stream.state.StreamStateSerde;
import io.gatestream.stream.topics.TopicChecks;
import io.gatestream.stream.watch.MonitorServer;
import io.gatestream.stream.watch.StreamMetrics;
import io.gatestream.stream.watch.StreamWatch;
import io.gatestream.stream.watch.Ticks;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running instance: model, lookahead, topology and Kafka Streams, opened in this order and
 * closed in reverse. Opened and closed by one thread.
 */
public final class GatestreamApp implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GatestreamApp.class);

  private final RunConfig config;
  private final Stages stages;
  private final RecordSelection selection;
  private final PartitionLags lags = new PartitionLags();
  private final Overload overload;
  private final Resources resources = new Resources();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final FailureLimit failures = new FailureLimit(InstantSource.system());
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean isClosing;
  private final KafkaStreams streams;
  private final Passes passes;
  private final Optional<TransactionFence> fence;
  private final ModelBundle bundle;
  private final StateFolder stateFolder;

  /**
   * Loads, calibrates and warms up the model, checks brokers and topics, locks the state folder,
   * tries what a dead instance was decoding; joins no group yet.
   *
   * @throws io.gatestream.errors.ConfigException the settings, bundle or topics cannot be used
   * @throws IllegalStateException brokers or state folder cannot be had
   */
  public GatestreamApp(RunConfig config) {
    this(config, Stages.REAL);
  }

  /**
   * The same for some records of the frames topic only.
   *
   * @param stateDir in which the state folder is; the journal of what is being decoded stays in
   *     that of the settings, so that records known to kill are known here
   */
  public GatestreamApp(RunConfig config, RecordSelection selection, Path stateDir) {
    this(config, Stages.REAL, selection, stateDir);
  }

  /** The same with something before the parts of the way of a frame, for measuring and tests. */
  public GatestreamApp(RunConfig config, Stages stages) {
    this(config, stages, RecordSelection.ALL, config.storage().stateDir());
  }

  private GatestreamApp(RunConfig config, Stages stages, RecordSelection selection, Path stateDir) {
    this.config = config;
    this.stages = stages;
    this.selection = selection;
    this.overload = Overload.of(config.overload(), lags);
    try {
      bundle = ModelBundle.load(config.model());
      checkStateFits();
      // before the brokers: what cannot be had is said at once, whether or not they run
      NativeSetup.load();
      StoreLibraries.load();
      CalibratedRuntime calibrated = resources.add(openModel(bundle, config.compute()));
      ModelRuntime runtime = calibrated.runtime();
      ComputePlan plan = calibrated.plan();
      planMemory(plan, runtime.encoder());
      TopicChecks checks = new TopicChecks(config, FrameProcessorSupplier.stateRecordBytes(bundle));
      int rejectedBytes = checks.run();
      StreamWatch watch = resources.add(watch(checks.framesPartitions()));
      Transactions transactions = resources.add(new KafkaTransactions(config));
      PassLimits limits = PassLimits.of(config, transactions.longestTimeout());
      passes = new Passes(limits, metrics);
      FrameCodec codec = new AvroFrameCodec(config.limits());
      stateFolder = resources.add(StateFolder.lock(stateDir, config.applicationId()));
      CrashGuard guard = resources.add(guard(plan));
      Lookahead lookahead =
          resources.add(lookahead(plan, codec, stages.encoder(runtime.encoder()), guard));
      LeavingClients clients =
          new LeavingClients(limits, passes, () -> isClosing && !config.closeLeavesGroup());
      streams =
          new KafkaStreams(
              topology(codec, runtime, lookahead, rejectedBytes, watch),
              new StreamsConfig(
                  StreamsSettings.of(
                      config,
                      stateFolder.path(),
                      limits,
                      new PassIntake(intake(lookahead), passes),
                      lags)),
              clients);
      resources.add(this::closeStreams);
      fence = TransactionFence.of(config, transactions, clients, streams);
      fence.ifPresent(resources::add);
      resources.add(ThreadDeaths.watch(this::onDeath));
      streams.setUncaughtExceptionHandler(this::onFailure);
      streams.setStateListener((now, before) -> onState(now));
      KafkaStreamsMetrics kafkaMetrics = resources.add(new KafkaStreamsMetrics(streams));
      kafkaMetrics.bindTo(metrics);
      if (config.http().port().isPresent()) {
        MonitorServer monitor =
            resources.add(
                MonitorServer.start(
                    config.http().host(), config.http().port().getAsInt(), pages(watch)));
        log.info("metrics and health on http://{}:{}", config.http().host(), monitor.port());
      }
    } catch (RuntimeException | Error e) {
      resources.closeAfter(e);
      throw e;
    }
  }

  private Map<String, Supplier<MonitorServer.Answer>> pages(StreamWatch watch) {
    Map<String, Supplier<MonitorServer.Answer>> pages = new TreeMap<>();
    pages.put("/metrics", () -> MonitorServer.Answer.text(metrics.scrape()));
    // those in trouble
    pages.put("/streams", () -> MonitorServer.Answer.json(watch.json()));
    // if not, restart the process
    pages.put("/live", MonitorServer.question(this::isLive));
    // whether it has its partitions and processes
    pages.put("/ready", MonitorServer.question(this::isReady));
    return pages;
  }

  private RecordIntake intake(Lookahead lookahead) {
    if (selection != RecordSelection.ALL) {
      return FilteredIntake.of(lookahead, selection);
    }
    return overload == Overload.KEEP_ALL ? lookahead : FilteredIntake.of(lookahead, overload);
  }

  private StreamWatch watch(int partitions) {
    StreamWatch watch =
        new StreamWatch(
            partitions,
            metrics,
            InstantSource.system(),
            LoggerFactory.getLogger(StreamWatch.class)::warn);
    resources.add(Ticks.every(Duration.ofSeconds(5), "stream-watch", watch::tick));
    return watch;
  }

  private void checkStateFits() {
    int needed = FrameProcessorSupplier.stateRecordBytes(bundle);
    if (needed > config.windows().maxRecordBytes()) {
      throw new ConfigException(
          "max.record.bytes is %d, and a state of this model takes up to %d: raise it"
              .formatted(config.windows().maxRecordBytes(), needed));
    }
  }

  /** Opening and calibrating take buffers too, before it is known how many are needed. */
  private static CalibratedRuntime openModel(ModelBundle bundle, RunConfig.Compute compute) {
    try {
      return CalibratedRuntime.open(bundle, compute);
    } catch (OutOfMemoryError e) {
      if (String.valueOf(e.getMessage()).contains("direct buffer")) {
        throw MemoryPlan.usedUp(e);
      }
      throw e;
    }
  }

  private CrashGuard guard(ComputePlan plan) {
    // a replaced stream thread may still be at its last record
    int threads = plan.workers() + 2 * config.compute().streamThreads();
    return CrashGuard.open(
        config.storage().stateDir(),
        config.applicationId(),
        config.topics().frames(),
        threads,
        config.kafka(),
        TrialSettings.of(config.model(), config.limits()));
  }

  private Lookahead lookahead(
      ComputePlan plan, FrameCodec codec, FrameEncoder encoder, DecodeWatch watch) {
    RunConfig.Compute compute = config.compute();
    InputSpec input = bundle.input();
    int slots = pixelSlots(plan, encoder);
    return new Lookahead(
        config.topics().frames(),
        new LookaheadSettings(plan.workers(), slots, compute.streamThreads()),
        codec,
        input.bytes(),
        () -> stages.decoder(PictureDecoders.open(input, config.limits())),
        encoder,
        bundle.frameIntervalMicros() == 0
            ? Prediction.ALL
            : new DuePrediction(bundle.frameIntervalMicros(), config.policy().gapMicros()),
        watch,
        metrics);
  }

  private int pixelSlots(ComputePlan plan, FrameEncoder encoder) {
    RunConfig.Compute compute = config.compute();
    return compute
        .pixelSlots()
        .orElse(
            plan.workers()
                + compute.streamThreads()
                + 2 * encoder.callers() * encoder.maxBatch()
                + 1);
  }

  /** Before the lookahead takes its buffers. */
  private void planMemory(ComputePlan plan, FrameEncoder encoder) {
    MemoryPlan memory =
        MemoryPlan.of(
            MemoryLimits.here(),
            new MemoryPlan.Needs(
                config.compute().streamThreads(),
                plan.workers(),
                pixelSlots(plan, encoder),
                bundle.input().bytes(),
                encoder.callers(),
                encoder.maxBatch(),
                bundle.featureSize(),
                ModelMemory.stepBytes(bundle),
                ModelMemory.fileBytes(bundle),
                config.windows().fetchBytes(),
                config.windows().maxRecordBytes(),
                config.storage().storeCacheBytes(),
                config.storage().rocksDbBytes(),
                config.limits().maxPixels()));
    memory.lines().forEach(line -> log.debug("memory: {}", line));
    memory.check().forEach(log::warn);
  }

  private Topology topology(
      FrameCodec codec,
      ModelRuntime runtime,
      Lookahead lookahead,
      int rejectedBytes,
      StreamWatch watch) {
    FrameProcessor.Parts parts =
        new FrameProcessor.Parts(
            config.topics().frames(),
            config.storage().storeName(),
            codec,
            lookahead,
            stages.step(runtime.step()),
            bundle.auxiliarySize().orElse(0),
            new StreamPolicy(
                config.policy(), bundle.frameIntervalMicros(), bundle.stateFingerprint()),
            new LabelMaker(bundle, config.scoreLimit()),
            new Rejections(rejectedBytes),
            new StreamMetrics(metrics),
            selection,
            overload,
            watch);
    return FrameTopology.of(
        config.topics(),
        config.start() == StartPosition.EARLIEST
            ? AutoOffsetReset.earliest()
            : AutoOffsetReset.latest(),
        new FrameProcessorSupplier(
            parts,
            FrameProcessorSupplier.stateRecordBytes(bundle),
            stages.states(new StreamStateSerde())));
  }

  /** Counters and timers of this instance, for watching. */
  public MeterRegistry metrics() {
    return metrics;
  }

  /**
   * Joins the group and begins to process.
   *
   * @throws DamagedStateException the local state is damaged, and deleted now: close this and open
   *     another
   * @throws IllegalStateException the local state cannot be written
   */
  public void start() {
    fence.ifPresent(TransactionFence::beforeStart);
    try {
      streams.start();
    } catch (ProcessorStateException e) {
      closeStreams();
      throw LocalStateFault.atStart(e, stateFolder.path(), config.applicationId());
    }
  }

  /** The bundle that classifies. */
  public ModelBundle bundle() {
    return bundle;
  }

  /**
   * Blocks until the application ends by a failure of its own, or {@link #close} is called by
   * another thread.
   */
  public void await() throws InterruptedException {
    ended.await();
  }

  /** Lets {@link #await} return. */
  public void stop() {
    ended.countDown();
  }

  /** Why the application ended by itself. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  /** Labels written since the start; those of an aborted transaction count again. For watching. */
  public long labelled() {
    return (long) metrics.get("gatestream.frames").tag("outcome", "labelled").counter().count();
  }

  public boolean isReady() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  boolean isLive() {
    return streams.state() != KafkaStreams.State.ERROR
        && failure.get() == null
        && !passes.areStuck();
  }

  private void onState(KafkaStreams.State now) {
    if (now == KafkaStreams.State.REBALANCING) {
      fence.ifPresent(TransactionFence::partitionsMove);
    }
    if (now == KafkaStreams.State.RUNNING) {
      fence.ifPresent(TransactionFence::partitionsStay);
      log.info(
          "running: {} {} on {}, application id {}",
          bundle.name(),
          bundle.version(),
          config.topics().frames(),
          config.applicationId());
    }
    if (now == KafkaStreams.State.ERROR) {
      // where our own handler was not asked; else it has set the cause before
      failure.compareAndSet(
          null, new IllegalStateException("Kafka Streams has stopped by an error"));
    }
    if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
      ended.countDown();
    }
  }

  private StreamThreadExceptionResponse onFailure(Throwable thrown) {
    // the thread throws it once more as it ends: without a handler the JVM would print its stack
    Thread.currentThread().setUncaughtExceptionHandler((thread, told) -> {});
    Diagnosis diagnosis = Diagnosis.of(thrown, config, stateFolder.path());
    if (diagnosis.isFinal() || failures.isReached(diagnosis.position())) {
      failure.compareAndSet(null, new ToldException(diagnosis.message(), thrown));
      ended.countDown();
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    log.warn("a stream thread failed and is replaced: {}", diagnosis.message());
    log.debug("the failure", thrown);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private void onDeath(Thread thread, Error error) {
    failure.compareAndSet(
        null,
        new ToldException(
            Diagnosis.broken(error, "the thread '%s'".formatted(thread.getName())), error));
    ended.countDown();
  }

  /**
   * By default leaves the group, so that the others take over at once and not after the session
   * timeout. A static member stays, and has its partitions again if it is back before.
   */
  private void closeStreams() {
    isClosing = true;
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

  /** Commits what is done, leaves the group and releases everything. */
  @Override
  public void close() {
    ended.countDown();
    resources.close();
  }
}
