package io.gatestream.config;

import io.gatestream.errors.ConfigException;
import io.gatestream.text.Nearest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Settings by name, with typed readers that collect problems in place of throwing at the first.
 * Read all, then call {@link #throwProblems}. Used by one thread.
 */
public final class Settings {
  private static final String KAFKA_PREFIX = "kafka.";

  /** What a file may hold: one file serves every command. */
  private static final Set<String> ALL =
      Stream.concat(
              Stream.of("bootstrap.servers", "broker.timeout.seconds"),
              Arrays.stream(RunSetting.values()).map(RunSetting::key))
          .collect(Collectors.toUnmodifiableSet());

  private final Map<String, String> values;
  private final Set<String> checked;
  private final Set<String> fromEnvironment;
  private final List<String> problems = new ArrayList<>();

  /**
   * Wraps what was given.
   *
   * @param checked the names among them that must be known: those of file and flags
   * @param fromEnvironment the names of which only those are refused that look like a known one:
   *     the environment may hold variables of others
   */
  Settings(Map<String, String> values, Set<String> checked, Set<String> fromEnvironment) {
    this.values = Map.copyOf(values);
    this.checked = Set.copyOf(checked);
    this.fromEnvironment = Set.copyOf(fromEnvironment);
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
  }

  public String text(String name, String standard) {
    return text(name).orElse(standard);
  }

  public long number(String name, long standard, long min, long max) {
    Optional<String> given = text(name);
    if (given.isEmpty()) {
      return standard;
    }
    try {
      long value = Long.parseLong(given.get());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    problem("%s is '%s': give a whole number from %d to %d".formatted(name, given.get(), min, max));
    return standard;
  }

  public int integer(String name, int standard, int min, int max) {
    return Math.toIntExact(number(name, standard, min, max));
  }

  public boolean flag(String name, boolean standard) {
    Optional<String> given = text(name);
    if (given.isEmpty()) {
      return standard;
    }
    return switch (given.get()) {
      case "true" -> true;
      case "false" -> false;
      default -> {
        problem("%s is '%s': give true or false".formatted(name, given.get()));
        yield standard;
      }
    };
  }

  public <E extends Enum<E>> E choice(String name, Class<E> type, E standard) {
    Optional<String> given = text(name);
    if (given.isEmpty()) {
      return standard;
    }
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String spelled = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (spelled.equalsIgnoreCase(given.get()) || constant.name().equalsIgnoreCase(given.get())) {
        return constant;
      }
      names.add(spelled);
    }
    problem("%s is '%s': give one of %s".formatted(name, given.get(), String.join(", ", names)));
    return standard;
  }

  /** Everything under {@code kafka.}, without the prefix. */
  public Map<String, String> kafka() {
    Map<String, String> kafka = new HashMap<>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(KAFKA_PREFIX)) {
            kafka.put(name.substring(KAFKA_PREFIX.length()), value);
          }
        });
    return kafka;
  }

  /** How to reach the brokers; throws at once, for commands that need nothing else. */
  public KafkaAccess kafkaAccess() {
    Optional<String> bootstrap = text("bootstrap.servers");
    if (bootstrap.isEmpty()) {
      problem("no Kafka broker is named: give --bootstrap-servers HOST:PORT");
    }
    Duration timeout =
        Duration.ofSeconds(
            number("broker.timeout.seconds", KafkaAccess.DEFAULT_TIMEOUT.toSeconds(), 1, 86_400));
    refuseUnknown();
    throwProblems();
    return new KafkaAccess(bootstrap.orElseThrow(), kafka(), timeout);
  }

  public void problem(String problem) {
    problems.add(problem);
  }

  /** Makes a problem of every name that is no setting, with the one that may have been meant. */
  private void refuseUnknown() {
    for (String name : unknown(checked)) {
      String meant = Nearest.question(name, ALL);
      problem(
          "there is no setting '%s'%s"
              .formatted(name, meant.isEmpty() ? ": see 'gatestream run --help'" : meant));
    }
    for (String name : unknown(fromEnvironment)) {
      Nearest.to(name, ALL)
          .ifPresent(
              meant ->
                  problem(
                      "the environment holds %s, and there is no such setting: did you mean %s?"
                          .formatted(variable(name), variable(meant))));
    }
  }

  private static Set<String> unknown(Set<String> names) {
    Set<String> unknown = new TreeSet<>(names);
    unknown.removeIf(
        name ->
            name.startsWith(KAFKA_PREFIX)
                || ALL.contains(name)
                || name.equals(FormerSettings.GUARANTEE));
    return unknown;
  }

  private static String variable(String name) {
    return ConfigLoader.ENVIRONMENT_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  public void throwProblems() {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }
}
