package io.gatestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.evaluate.Labels;
import io.gatestream.labels.StreamGlob;
import io.gatestream.play.Delays;
import io.gatestream.play.FrameAccount;
import io.gatestream.text.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoDisplayTest {
  private static final long SECOND = 1_000_000_000L;

  private final StringWriter text = new StringWriter();

  @Test
  void withoutATerminalThePlainTableComesEveryFewSeconds() {
    LiveTable table = new LiveTable(new PrintWriter(text), Terminal.NONE, new Delays());
    table.sent("cam", 0, 0);
    table.labelled(Labels.label("cam", 0, "left"), SECOND / 4);
    table.refresh(SECOND);
    table.refresh(2 * SECOND);
    assertThat(text.toString()).isEmpty();
    table.refresh(6 * SECOND);
    assertThat(text.toString()).doesNotContain("\u001B").contains("cam", "left", "0.75", "250.0");
  }

  @Test
  void onATerminalTheTableIsDrawnOver() {
    LiveTable table = new LiveTable(new PrintWriter(text), new Terminal(true, false), new Delays());
    table.sent("cam", 0, 0);
    table.refresh(0);
    table.refresh(SECOND / 10);
    table.refresh(SECOND);
    assertThat(text.toString().split("\u001B\\[3F", -1)).hasSize(2);
  }

  @Test
  void droppedFramesAreAccountedForByTheNewestLabel() {
    FrameAccount account = new FrameAccount();
    account.sent("cam", 5);
    account.labelled(Labels.label("cam", 0, "left"));
    account.labelled(Labels.label("cam", 3, "left", 0, 1, 1));
    assertThat(account.open()).isEqualTo(1);
    assertThat(account.missing())
        .containsExactly(
            "cam: 1 of 5 frames sent are neither labelled nor known as dropped; last label: frame 3");
    account.labelled(Labels.label("cam", 4, "left", 0, 1, 1));
    assertThat(account.missing()).isEmpty();
    assertThat(DemoReport.of(Optional.empty(), account, EventCounts.NONE, new Delays(), 3))
        .contains("5 frames sent: 3 labelled, 2 dropped", "1.0 frames a second");
  }

  @Test
  void coloursNeedATerminalAndNoRefusal() {
    assertThat(Terminal.of(true, Map.of("TERM", "xterm"))).isEqualTo(new Terminal(true, true));
    assertThat(Terminal.of(true, Map.of("TERM", "xterm", "NO_COLOR", "1")))
        .isEqualTo(new Terminal(true, false));
    assertThat(Terminal.of(true, Map.of("TERM", "dumb"))).isEqualTo(Terminal.NONE);
    assertThat(Terminal.of(false, Map.of("TERM", "xterm"))).isEqualTo(Terminal.NONE);
  }

  @Test
  void globMatchesWholeStreamIds() {
    assertThat(StreamGlob.of("door-*")).accepts("door-1", "door-").rejects("a-door-1");
    assertThat(StreamGlob.of("a?.c(")).accepts("ab.c(").rejects("abxc(");
  }
}
