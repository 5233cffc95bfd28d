package io.gatestream.config;

/** Settings of earlier versions that a file may still have. */
final class FormerSettings {
  static final String GUARANTEE = "guarantee";

  private FormerSettings() {}

  /** Makes a problem of what is no longer done; what is always done is accepted. */
  static void check(Settings settings) {
    String guarantee = settings.text(GUARANTEE, "exactly-once");
    if (!guarantee.equals("exactly-once")) {
      settings.problem(
          "%s is '%s': labels are written exactly once, always. At-least-once lost labels: after a crash the states were ahead of the frames that came again, which then counted as duplicates. Remove the setting"
              .formatted(GUARANTEE, guarantee));
    }
  }
}
