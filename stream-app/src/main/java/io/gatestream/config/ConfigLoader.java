package io.gatestream.config;

import io.gatestream.errors.ConfigException;
import io.gatestream.errors.IoReason;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * The only reader of file, environment and flags. A setting {@code a.b} is {@code --a-b} as a flag,
 * {@code GATESTREAM_A_B} in the environment and {@code a.b} in the file; flags win over the
 * environment, the environment over the file.
 */
public final class ConfigLoader {
  static final String ENVIRONMENT_PREFIX = "GATESTREAM_";

  private ConfigLoader() {}

  /**
   * Collects what was given.
   *
   * @param file a .properties file, or empty
   * @param environment all environment variables
   * @param flags settings given as flags, by their names in a file
   * @throws ConfigException the file cannot be read
   */
  public static Settings load(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    Map<String, String> values = new HashMap<>();
    file.ifPresent(path -> values.putAll(read(path)));
    Set<String> checked = new HashSet<>(values.keySet());
    Set<String> fromEnvironment = new HashSet<>();
    checked.addAll(flags.keySet());
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(ENVIRONMENT_PREFIX)) {
            String setting = name.substring(ENVIRONMENT_PREFIX.length());
            String key = setting.toLowerCase(Locale.ROOT).replace('_', '.');
            values.put(key, value);
            fromEnvironment.add(key);
          }
        });
    values.putAll(flags);
    return new Settings(values, checked, fromEnvironment);
  }

  private static Map<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new ConfigException(
          "cannot read the settings file %s: %s".formatted(file, IoReason.of(e)), e);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "cannot read the settings file %s: it holds \\u without four hexadecimal digits; write \\\\ for a backslash"
              .formatted(file),
          e);
    }
    Map<String, String> values = new HashMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> values.put(name, properties.getProperty(name).strip()));
    return values;
  }
}
