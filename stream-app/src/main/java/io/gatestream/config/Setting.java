package io.gatestream.config;

import java.util.Locale;

/**
 * The definition of a setting: parsing, help, messages and docs/settings.md come from it. {@code
 * a.b} is {@code --a-b} as a flag and {@code GATESTREAM_A_B} in the environment.
 *
 * @param key as in a settings file: {@code frames.topic}
 * @param flag as on the command line: {@code --frames-topic}
 * @param standard what counts where none is given
 * @param standardText the same in words
 * @param sentence what it means
 */
public record Setting<T>(
    SettingGroup group,
    String key,
    String flag,
    ValueKind<T> kind,
    T standard,
    String standardText,
    String sentence) {
  static final String ENVIRONMENT_PREFIX = "GATESTREAM_";

  /** A setting whose flag is its key. */
  Setting(
      SettingGroup group,
      String key,
      ValueKind<T> kind,
      T standard,
      String standardText,
      String sentence) {
    this(group, key, "--" + key.replace('.', '-'), kind, standard, standardText, sentence);
  }

  /** The name of a setting in the environment: {@code GATESTREAM_FRAMES_TOPIC}. */
  static String variable(String key) {
    return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /** What stands for the value in help. */
  public String form() {
    return kind.form();
  }

  /** Which values it takes, in words. */
  public String allowed() {
    return kind.allowed();
  }

  /** Whether the flag alone means true. */
  public boolean isSwitch() {
    return form().equals("true|false");
  }

  /** What help says: meaning, bounds and default. */
  public String description() {
    String range = kind.range().isEmpty() ? "" : " Range: %s.".formatted(kind.range());
    return "%s%s Default: %s.".formatted(sentence, range, standardText);
  }
}
