package io.gatestream.evaluate;

import io.gatestream.config.KafkaAccess;
import io.gatestream.config.RunConfig;
import io.gatestream.config.RunSettings;
import io.gatestream.config.Topics;
import io.gatestream.evaluate.score.RunFacts;
import io.gatestream.evaluate.truth.Truth;
import io.gatestream.ingest.IngestSettings;
import io.gatestream.ingest.VideoSource;
import io.gatestream.labels.RejectedRecord;
import io.gatestream.labels.RejectedRecords;
import io.gatestream.labels.StartPoint;
import io.gatestream.model.BundleReader;
import io.gatestream.model.EventRules;
import io.gatestream.model.EventRulesReader;
import io.gatestream.model.ModelBundle;
import io.gatestream.play.Delays;
import io.gatestream.play.FrameAccount;
import io.gatestream.play.VideoSession;
import io.gatestream.play.VideoWatcher;
import io.gatestream.schema.FrameLabel;
import io.gatestream.text.Interrupts;
import io.gatestream.text.ProgressLine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One model's labels of videos: broker, application and ingest in this process. */
public final class VideoLabels implements VideoWatcher {
  private final String name;
  private final Path bundle;
  private final List<VideoSource> videos;
  private final Duration stallTimeout;
  private final Map<String, String> settings;
  private final GatheredLabels gathered;
  private final Delays delays = new Delays();
  private final ProgressLine progress;
  private @Nullable EvaluatedRun run;

  /**
   * Prepares to play videos.
   *
   * @param rulesFile event rules in place of the bundle's
   * @param settings of the application, by their names in a file; without the model
   * @param stallTimeout after which playing fails where nothing moves
   */
  public VideoLabels(
      String name,
      Path bundle,
      Optional<Path> rulesFile,
      Map<String, String> settings,
      List<VideoSource> videos,
      Truth truth,
      Duration stallTimeout,
      ProgressLine progress) {
    this.name = name;
    this.bundle = bundle;
    this.videos = videos;
    this.stallTimeout = stallTimeout;
    this.progress = progress;
    ModelBundle model = BundleReader.load(bundle);
    EventRules rules = EventRulesReader.inForce(model, new RunConfig.Events(true, rulesFile));
    this.gathered = new GatheredLabels(BundleClasses.of(model), rules, new Accuracy(truth), true);
    this.settings = new HashMap<>(settings);
    this.settings.put(RunSettings.MODEL.key(), bundle.toString());
    rulesFile.ifPresent(file -> this.settings.put(RunSettings.EVENTS_RULES.key(), file.toString()));
  }

  /** Plays all videos; nothing where it was interrupted. */
  public Optional<EvaluatedRun> run(Interrupts interrupts) {
    VideoSession session =
        new VideoSession(videos, IngestSettings.DEFAULT, settings, stallTimeout, this);
    interrupts.onRequest(session::stop);
    session.run();
    return Optional.ofNullable(run);
  }

  @Override
  public void say(String line) {
    progress.say(line);
  }

  @Override
  public void sent(String stream, long sequence, long nanos) {
    delays.sent(stream, sequence, nanos);
  }

  @Override
  public void labelled(FrameLabel label, long nanos) {
    delays.labelled(label, nanos);
    gathered.add(label);
  }

  @Override
  public void refresh(long nanos) {
    progress.count(bundle.toString(), gathered.labels(), nanos);
  }

  @Override
  public void finished(KafkaAccess access, FrameAccount account, double seconds) {
    List<RejectedRecord> rejected =
        RejectedRecords.read(access, Topics.DEFAULT.rejected(), new StartPoint.Beginning());
    RunFacts facts =
        new RunFacts(
            OptionalLong.of(account.sent()),
            AccountTable.reasons(rejected),
            delays.milliseconds(50) / 1e3,
            delays.milliseconds(95) / 1e3,
            seconds > 0 ? account.labels() / seconds : Double.NaN);
    run =
        gathered.run(
            name, facts, List.of(), rejected, account.sentByStream(), new ClipPictures(videos));
  }
}
