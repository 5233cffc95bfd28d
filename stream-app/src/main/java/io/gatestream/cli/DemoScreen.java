package io.gatestream.cli;

import io.gatestream.config.KafkaAccess;
import io.gatestream.evaluate.Accuracy;
import io.gatestream.play.Delays;
import io.gatestream.play.FrameAccount;
import io.gatestream.play.VideoWatcher;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelEvent;
import io.gatestream.text.Terminal;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

/** What a demo shows: the labels in a live table, a report at the end. */
final class DemoScreen implements VideoWatcher {
  private final Optional<Accuracy> accuracy;
  private final PrintWriter out;
  private final Optional<DemoDashboard> dashboard;
  private final Delays delays = new Delays();
  private final LiveTable table;
  private EventCounts events = EventCounts.NONE;

  DemoScreen(
      Optional<Accuracy> accuracy,
      Optional<DemoDashboard> dashboard,
      PrintWriter out,
      Terminal terminal) {
    this.accuracy = accuracy;
    this.dashboard = dashboard;
    this.out = out;
    this.table = new LiveTable(out, terminal, delays);
  }

  @Override
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void running(KafkaAccess access) {
    dashboard.ifPresent(page -> say("dashboard on " + page.open(access)));
  }

  @Override
  public void leaving() {
    dashboard.ifPresent(DemoDashboard::close);
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
  public void told(List<LabelEvent> all) {
    events = EventCounts.of(all);
  }

  @Override
  public void finished(KafkaAccess access, FrameAccount account, double seconds) {
    table.draw(System.nanoTime());
    out.println();
    out.println(DemoReport.of(accuracy, account, events, delays, seconds));
    out.flush();
    dashboard.ifPresent(
        page -> {
          say("the dashboard stays until Ctrl-C");
          page.await();
        });
  }
}
