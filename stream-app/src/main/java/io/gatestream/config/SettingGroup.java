package io.gatestream.config;

/** Settings that help and documents show together. */
public enum SettingGroup {
  CONNECTION("Connection"),
  APPLICATION("Model, application and topics"),
  DEVICE("Device"),
  THREADS("Threads and batches"),
  MEMORY("Fetching and buffering"),
  STATE("State and commits"),
  POLICY("Stream policy"),
  LABELS("Overload and labels"),
  LIMITS("Limits of frames"),
  PROCESS("Monitoring and closing");

  private final String title;

  SettingGroup(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }
}
