package io.gatestream.it;

import java.nio.file.Path;

/** A broker of a test's own, in a JVM of its own, that is killed and started again. */
final class Broker {
  private final Gatestream gatestream;
  private final Path data;
  private final String bootstrapServers;
  private Running process;
  private int starts;

  Broker(Gatestream gatestream) {
    this.gatestream = gatestream;
    data = gatestream.folder().resolve("kafka");
    process = start("0");
    bootstrapServers = process.awaitOut("listening on (\\S+)");
  }

  private Running start(String port) {
    return gatestream.start(
        "broker-" + starts++, "broker", "--port", port, "--data", data.toString());
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  /** SIGKILL. */
  void kill() {
    process.kill();
  }

  /** Starts it again on the same port and data. */
  void startAgain() {
    process = start(bootstrapServers.replaceFirst(".*:", ""));
    process.awaitOut("listening on (\\S+)");
  }

  /** Deletes what it wrote, after the last kill. */
  void delete() {
    Folders.delete(data);
  }
}
