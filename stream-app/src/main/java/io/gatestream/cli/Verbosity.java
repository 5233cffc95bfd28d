package io.gatestream.cli;

import java.util.List;

/**
 * Tells the logging configuration (log4j2.xml) about {@code --verbose}. It reads the properties
 * when the first logger is made, which is before picocli has parsed anything.
 */
final class Verbosity {
  static final String FLAG = "--verbose";

  private Verbosity() {}

  /** Sets what no {@code -D} option has set. */
  static void apply(String... args) {
    String command = args.length > 0 ? args[0] : "";
    if (List.of(args).contains(FLAG)) {
      setDefault("gatestream.log.level", "DEBUG");
      setDefault("gatestream.log.libraries", "INFO");
      setDefault("gatestream.log.trace", "full");
      setDefault("gatestream.log.retried", "NEUTRAL");
      return;
    }
    if (List.of("demo", "replay", "evaluate", "bench", "dashboard").contains(command)) {
      setDefault("gatestream.log.level", "WARN"); // a table or a bar is what there is to see
    }
    if (List.of("demo", "evaluate", "labels", "clip", "rejected", "dashboard").contains(command)) {
      // what Kafka tries again, and what it gives up for good is an error of the command
      setDefault("gatestream.log.libraries", "OFF");
      setDefault("gatestream.log.network", "WARN");
      setDefault("gatestream.log.halts", "ERROR");
    }
    if (List.of("ingest", "replay").contains(command)) {
      // they say themselves what the clients repeat with every attempt
      setDefault("gatestream.log.kafka.clients", "ERROR");
    }
    if (command.equals("bench")) {
      setDefault("gatestream.log.libraries", "ERROR"); // complaints of every topic that it deleted
    }
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
