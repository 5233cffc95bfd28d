package io.gatestream.cli;

import io.gatestream.config.KafkaAccess;
import io.gatestream.config.RunSettings;
import io.gatestream.config.Topics;
import io.gatestream.dashboard.Dashboard;
import io.gatestream.dashboard.DashboardSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The dashboard of a demo, which outlasts its clips. Opened and closed by the demo's thread, before
 * its broker ends.
 */
final class DemoDashboard {
  private static final Duration HISTORY = Duration.ofHours(1);
  private static final int PICTURES = 40;

  private final int port;
  private final CountDownLatch ended = new CountDownLatch(1);
  private Optional<Dashboard> dashboard = Optional.empty();

  DemoDashboard(int port) {
    this.port = port;
  }

  /** Opens it on the demo's broker; returns its address. */
  String open(KafkaAccess access) {
    Dashboard opened =
        Dashboard.open(
            new DashboardSettings(
                access,
                Topics.DEFAULT,
                DashboardSettings.REVIEWS,
                RunSettings.APPLICATION_ID.standard(),
                DashboardSettings.HOST,
                port,
                Optional.empty(),
                HISTORY,
                PICTURES),
            Version.text());
    dashboard = Optional.of(opened);
    return "http://localhost:" + opened.port();
  }

  /** Waits until {@link #end} is called. */
  void await() {
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** For any thread. */
  void end() {
    ended.countDown();
  }

  /** Ends it; does nothing where it was not opened. */
  void close() {
    dashboard.ifPresent(Dashboard::close);
  }
}
