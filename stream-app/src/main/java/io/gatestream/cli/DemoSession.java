package io.gatestream.cli;

import io.gatestream.config.KafkaAccess;
import io.gatestream.evaluate.Accuracy;
import io.gatestream.play.Delays;
import io.gatestream.play.FrameAccount;
import io.gatestream.play.VideoSession;
import io.gatestream.schema.FrameLabel;
import io.gatestream.text.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;

/**
 * One demo: videos played, their labels in a live table, a report at the end. {@link #run} belongs
 * to the command's thread, {@link #stop} may be called from any.
 */
final class DemoSession implements VideoSession.Watcher {
  private final VideoSession session;
  private final Optional<Accuracy> accuracy;
  private final PrintWriter out;
  private final Delays delays = new Delays();
  private final LiveTable table;

  DemoSession(
      VideoSession.Parts parts,
      Optional<Accuracy> accuracy,
      Duration stallTimeout,
      PrintWriter out,
      Terminal terminal) {
    this.session = new VideoSession(parts, stallTimeout, this);
    this.accuracy = accuracy;
    this.out = out;
    this.table = new LiveTable(out, terminal, delays);
  }

  /** Makes {@link #run} return soon, without a report. */
  void stop() {
    session.stop();
  }

  /** Plays everything, prints the report and leaves nothing behind. */
  void run() {
    session.run();
  }

  @Override
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void sent(String stream, long sequence, long nanos) {
    table.sent(stream, sequence, nanos);
  }

  @Override
  public void labelled(FrameLabel label, long nanos) {
    table.labelled(label, nanos);
    accuracy.ifPresent(counts -> counts.add(label));
  }

  @Override
  public void refresh(long nanos) {
    table.refresh(nanos);
  }

  @Override
  public void finished(KafkaAccess access, FrameAccount account, double seconds) {
    table.draw(System.nanoTime());
    out.println();
    out.println(DemoReport.of(accuracy, account, delays, seconds));
    out.flush();
  }
}
