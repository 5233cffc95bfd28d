package io.gatestream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.config.ConfigLoader;
import io.gatestream.config.KafkaSettings;
import io.gatestream.config.LogFormat;
import io.gatestream.errors.ConfigException;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses how standard error is written, before the first logger is made and anything is parsed:
 * log4j2.xml reads the property once. What is wrong with a setting is told later, by the command
 * that reads it.
 */
final class StandardError {
  static final String CONFIG = "--config";

  /** Read by log4j2.xml. */
  private static final String PROPERTY = "gatestream.log.format";

  private static final String JSON = "json";

  private StandardError() {}

  /** Puts what masks passwords before standard error, and what writes JSON where that is asked. */
  static void install(String... args) {
    if (format(args, System.getenv()) == LogFormat.JSON) {
      System.setProperty(PROPERTY, JSON);
      JsonLines.install();
    } else {
      MaskedOutput.install();
    }
  }

  static LogFormat format(String[] args, Map<String, String> environment) {
    Map<String, String> flags =
        flag(KafkaSettings.LOG_FORMAT.flag(), args)
            .map(value -> Map.of(KafkaSettings.LOG_FORMAT.key(), value))
            .orElse(Map.of());
    try {
      return format(flag(CONFIG, args).map(Path::of), environment, flags);
    } catch (ConfigException | InvalidPathException e) {
      return format(Optional.empty(), environment, flags);
    }
  }

  private static LogFormat format(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    return ConfigLoader.load(file, environment, flags).get(KafkaSettings.LOG_FORMAT);
  }

  private static Optional<String> flag(String name, String... args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith(name + "=")) {
        return Optional.of(args[i].substring(name.length() + 1));
      }
      if (args[i].equals(name) && i + 1 < args.length) {
        return Optional.of(args[i + 1]);
      }
    }
    return Optional.empty();
  }

  /** Whether every line is a JSON object. */
  static boolean isJson() {
    return JSON.equals(System.getProperty(PROPERTY));
  }

  /** What lines are encoded in: JSON is always UTF-8. */
  static Charset charset() {
    return isJson() ? UTF_8 : Charset.defaultCharset();
  }
}
