package io.gatestream.config;

import io.gatestream.errors.ConfigException;
import io.gatestream.errors.IoReason;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The only reader of file, environment and flags. A setting {@code a.b} is {@code --a-b} as a flag,
 * {@code GATESTREAM_A_B} in the environment and {@code a.b} in the file; flags win over the
 * environment, the environment over the file.
 */
public final class ConfigLoader {
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
    List<SettingSource> sources = new ArrayList<>();
    sources.add(new SettingSource(flags, Settings::flag, false));
    Map<String, String> variables = new HashMap<>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(Setting.ENVIRONMENT_PREFIX)) {
            String setting = name.substring(Setting.ENVIRONMENT_PREFIX.length());
            variables.put(setting.toLowerCase(Locale.ROOT).replace('_', '.'), value);
          }
        });
    sources.add(new SettingSource(variables, Setting::variable, true));
    file.ifPresent(
        path -> sources.add(new SettingSource(read(path), name -> path.toString(), false)));
    return new Settings(sources);
  }

  /**
   * The values of a .properties file.
   *
   * @throws ConfigException the file cannot be read
   */
  public static Map<String, String> read(Path file) {
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
