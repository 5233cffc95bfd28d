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
    boolean sends = args.length > 0 && args[0].equals("ingest");
    boolean measures = args.length > 0 && args[0].equals("bench");
    boolean quiet = measures || (args.length > 0 && args[0].equals("demo"));
    if (List.of(args).contains(FLAG)) {
      setDefault("gatestream.log.level", "DEBUG");
      setDefault("gatestream.log.libraries", "INFO");
      setDefault("gatestream.log.trace", "full");
    } else if (sends) {
      // ingest says itself what the clients repeat with every attempt to connect
      setDefault("gatestream.log.kafka.clients", "ERROR");
    } else if (quiet) {
      if (measures) {
        // they complain of every topic that was deleted
        setDefault("gatestream.log.libraries", "ERROR");
      }
      setDefault(
          "gatestream.log.level", "WARN"); // the table is what there is to see, or the progress
    }
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
