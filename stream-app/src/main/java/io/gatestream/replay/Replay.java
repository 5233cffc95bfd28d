package io.gatestream.replay;

import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import io.gatestream.kafka.Brokers;
import io.gatestream.kafka.ClientFault;
import io.gatestream.kafka.RangeReader;
import io.gatestream.stream.GatestreamApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;

/**
 * Replays recorded frames through the topology of {@code run}, in an application of its own: the
 * live application's group, state and topics are not touched. It ends by itself and then removes
 * its group, changelog and local state. Where it is stopped or dies before, the same request goes
 * on and gives the same labels.
 *
 * <p>{@link #run} is called once, by one thread; {@link #stop} may be called from any.
 */
public final class Replay {
  private static final long TICK_MILLIS = 250;
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Beyond a session's timeout, until the brokers have noticed. */
  private static final long GRACE_MILLIS = 10_000;

  private final ReplayRequest request;
  private final ReplayListener listener;
  private final CountDownLatch stop = new CountDownLatch(1);

  /** Prepares a replay. */
  public Replay(ReplayRequest request, ReplayListener listener) {
    this.request = request;
    this.listener = listener;
  }

  /** Makes {@link #run} return soon; what is done stays, and the same request goes on there. */
  public void stop() {
    stop.countDown();
  }

  /**
   * Replays to the end of the range, as it is at the first start.
   *
   * @throws ConfigException topics, range or settings cannot be used, or there is nothing to replay
   * @throws OutageException it fails half way; the same request goes on
   */
  public ReplayResult run() throws InterruptedException {
    try (Brokers brokers = new Brokers(request.run().kafka());
        RangeReader reader = RangeReader.committed(request.run().kafka())) {
      return run(brokers, reader);
    } catch (AuthorizationException e) {
      throw new OutageException(
          "%s; a replay needs the rights of 'run' under its own name, and some more: docs/kafka.md lists them"
              .formatted(ClientFault.refused(request.run().kafka(), e).getMessage()),
          e);
    } catch (KafkaException e) {
      if (e.getCause() instanceof InterruptedException) {
        throw (InterruptedException) new InterruptedException().initCause(e);
      }
      throw ClientFault.refused(request.run().kafka(), e);
    }
  }

  private ReplayResult run(Brokers brokers, RangeReader reader) throws InterruptedException {
    String topic = request.framesTopic();
    if (request.source().isEmpty() && brokers.topics().find(topic).isEmpty()) {
      throw new ConfigException(
          "the topic '%s' is not there: name the recorded one with --frames-topic"
              .formatted(topic));
    }
    String settings = LabelSettings.fingerprint(request.run());
    awaitNoMembers(brokers);
    PlanStore plans = new PlanStore(brokers, request.name(), topic);
    Outputs outputs = new Outputs(brokers, reader, request);
    CleanUp cleanUp = new CleanUp(brokers, request);
    Optional<ReplayPlan> found = plans.load();
    if (found.isPresent() && found.get().stage() == ReplayPlan.Stage.FINISHED) {
      cleanUp.run(); // it died while it was cleaning up
      if (!request.restart() && found.get().spec().equals(spec()) && outputs.hold()) {
        listener.note("the replay '%s' had come to its end".formatted(request.name()));
        return new ReplayResult(true, 0, 0, 0);
      }
      found = Optional.empty();
    }
    if (found.isPresent()
        && (request.restart() || found.get().stage() == ReplayPlan.Stage.SENDING)) {
      outputs.empty(found.get());
      cleanUp.run();
      found = Optional.empty();
    }
    if (found.isEmpty()) {
      outputs.requireEmpty();
      cleanUp.requireNothing();
      if (request.source().isPresent() && !sendFrames(brokers, plans, settings)) {
        cleanUp.run();
        return new ReplayResult(false, 0, 0, 0);
      }
    }
    TopicDescription frames =
        brokers
            .topics()
            .find(topic)
            .orElseThrow(() -> new OutageException("the topic '%s' is gone".formatted(topic)));
    RunConfig application = request.application(frames.partitions().size());
    ReplayPlan plan =
        found.isPresent()
            ? resumed(found.get(), settings, frames)
            : planned(brokers, reader, settings, frames);
    outputs.create(frames.partitions().size(), application);
    new Planner(topic, brokers, reader, listener).checkRetention(request.output());
    plans.save(plan);
    GroupPosition position = new GroupPosition(brokers, reader, request.name(), topic, plan);
    if (found.isPresent() && !position.isComplete() && outputs.hold()) {
      throw new ConfigException(
          "the brokers have forgotten how far the replay '%s' was: begin anew with --restart"
              .formatted(request.name()));
    }
    position.begin();
    position.probe();
    ReplaySelection selection = new ReplaySelection(plan, request.range());
    ReplayResult result = advance(application, selection, position, plan, brokers);
    if (!result.finished()) {
      return result;
    }
    plans.save(plan.asFinished());
    cleanUp.run();
    if (!selection.sawFrames() && !outputs.hold()) {
      throw new ConfigException(nothing(selection));
    }
    return result;
  }

  /** A replay that was killed leaves its group when its session ends; another one stays. */
  private void awaitNoMembers(Brokers brokers) {
    if (brokers.groups().members(request.name()).isEmpty()) {
      return;
    }
    listener.note(
        "waiting for the replay '%s' that ended a moment ago to leave its group"
            .formatted(request.name()));
    long until =
        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(request.sessionMillis() + GRACE_MILLIS);
    while (!brokers.groups().members(request.name()).isEmpty()) {
      if (System.nanoTime() > until) {
        throw new OutageException(
            "the replay '%s' is running, at %s: wait for it, or give another --name"
                .formatted(
                    request.name(), String.join(", ", brokers.groups().members(request.name()))));
      }
      if (isStopped(TICK_MILLIS)) {
        throw new OutageException("stopped before the replay began");
      }
    }
  }

  private String spec() {
    return ReplayPlan.shortened(request.describe());
  }

  /** Sends to a topic that is marked as the replay's own before it has a record. */
  private boolean sendFrames(Brokers brokers, PlanStore plans, String settings)
      throws InterruptedException {
    String topic = request.framesTopic();
    brokers
        .topics()
        .create(
            topic,
            request.run().creation().partitions(),
            request.run().creation().replicationFactor(),
            Outputs.settings(request.run().pollBounds().maxRecordBytes()));
    ReplayPlan.Span nothing = new ReplayPlan.Span(0, 0);
    Map<Integer, ReplayPlan.Span> spans = new HashMap<>();
    brokers.topics().ends(topic).keySet().forEach(at -> spans.put(at.partition(), nothing));
    plans.save(
        new ReplayPlan(spec(), settings, "", request.outputs(), spans, ReplayPlan.Stage.SENDING));
    listener.note("sending %s to '%s'".formatted(request.source().orElseThrow().describe(), topic));
    return stop.getCount() > 0 && request.source().orElseThrow().send(topic);
  }

  private ReplayPlan planned(
      Brokers brokers, RangeReader reader, String settings, TopicDescription frames) {
    Map<Integer, ReplayPlan.Span> spans =
        new Planner(request.framesTopic(), brokers, reader, listener).plan(request.range());
    if (request.source().isEmpty()) {
      FramesProbe.requireFrames(reader, request.framesTopic(), spans);
    }
    return new ReplayPlan(
        spec(),
        settings,
        frames.topicId().toString(),
        request.outputs(),
        spans,
        ReplayPlan.Stage.LABELLING);
  }

  private ReplayPlan resumed(ReplayPlan found, String settings, TopicDescription frames) {
    String anew = "Give the same, another --name, or --restart to begin anew";
    if (!found.spec().equals(spec())) {
      throw new ConfigException(
          "the replay '%s' was interrupted in %s, and this is %s. %s"
              .formatted(request.name(), found.spec(), spec(), anew));
    }
    if (!found.settings().equals(settings)) {
      throw new ConfigException(
          "the replay '%s' was interrupted with another bundle, provider or other settings that labels depend on. %s"
              .formatted(request.name(), anew));
    }
    if (!found.topicId().equals(frames.topicId().toString())) {
      throw new ConfigException(
          "the topic '%s' was made anew since the replay '%s' was interrupted: begin anew with --restart"
              .formatted(request.framesTopic(), request.name()));
    }
    listener.note("going on with the replay '%s'".formatted(request.name()));
    return found;
  }

  private ReplayResult advance(
      RunConfig application,
      ReplaySelection selection,
      GroupPosition position,
      ReplayPlan plan,
      Brokers brokers) {
    long before = position.done();
    if (position.isDone()) {
      return new ReplayResult(true, 0, 0, 0);
    }
    Path stateDir = CleanUp.stateDir(request);
    Losses losses = new Losses(brokers, request.framesTopic(), plan, listener);
    try (GatestreamApp app = GatestreamApp.open(application, selection, stateDir)) {
      long start = System.nanoTime();
      long moved = start;
      app.start();
      while (!position.isDone()) {
        listener.progress(position.done(), plan.records());
        if (isStopped(TICK_MILLIS)) {
          break;
        }
        Optional<Throwable> failure = app.failure();
        if (failure.isPresent()) {
          throw new OutageException(
              "%s%nThe same command goes on where this ended; --restart begins anew"
                  .formatted(failure.get().getMessage()),
              failure.get());
        }
        long now = System.nanoTime();
        losses.look(position);
        if (position.refresh()) {
          moved = now;
        } else if (now - moved > STALL_NANOS) {
          position.probe();
          moved = now;
        }
      }
      listener.progress(position.done(), plan.records());
      double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3;
      return new ReplayResult(position.isDone(), position.done() - before, app.labelled(), seconds);
    }
  }

  private boolean isStopped(long millis) {
    try {
      return stop.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private String nothing(ReplaySelection selection) {
    String others = String.join(", ", selection.others());
    return others.isEmpty()
        ? "the topic '%s' has no frames %s".formatted(request.framesTopic(), request.range())
        : "no stream of the range matches --streams '%s': there are %s"
            .formatted(request.range().streams(), others);
  }
}
