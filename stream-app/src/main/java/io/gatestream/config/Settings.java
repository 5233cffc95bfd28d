package io.gatestream.config;

import io.gatestream.errors.ConfigException;
import io.gatestream.text.Nearest;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was given of settings. Reading collects problems in place of throwing at the first: read
 * all, then call {@link #throwProblems}. Used by one thread.
 */
public final class Settings {
  /** A setting of earlier versions that a file may still have. */
  static final String GUARANTEE = "guarantee";

  private static final String KAFKA_PREFIX = "kafka.";

  /** What a file may hold: one file serves every command. */
  private static final Map<String, Setting<?>> ALL =
      Stream.of(KafkaSettings.ALL, RunSettings.ALL)
          .flatMap(List::stream)
          .collect(Collectors.toUnmodifiableMap(Setting::key, Function.identity()));

  private final List<SettingSource> sources;
  private final Set<String> problems = new LinkedHashSet<>();

  /** Wraps sources, of which an earlier one wins over a later. */
  Settings(List<SettingSource> sources) {
    this.sources = List.copyOf(sources);
  }

  /** A setting's value, or its default where it was not given or cannot be used. */
  public <T> T get(Setting<T> setting) {
    Optional<String> given = text(setting.key());
    if (given.isEmpty()) {
      return setting.standard();
    }
    Optional<T> value = setting.kind().parser().apply(given.get());
    if (value.isEmpty()) {
      wrong(setting.key(), "give " + setting.allowed());
    }
    return value.orElse(setting.standard());
  }

  public boolean isGiven(Setting<?> setting) {
    return text(setting.key()).isPresent();
  }

  /** What was given under a name. */
  Optional<String> text(String name) {
    return source(name).map(source -> source.values().get(name)).filter(value -> !value.isBlank());
  }

  private Optional<SettingSource> source(String name) {
    return sources.stream().filter(source -> source.values().containsKey(name)).findFirst();
  }

  /** Everything under {@code kafka.}, without the prefix. */
  public Map<String, String> kafka() {
    Map<String, String> kafka = new HashMap<>();
    for (SettingSource source : sources) {
      source
          .values()
          .forEach(
              (name, value) -> {
                if (name.startsWith(KAFKA_PREFIX)) {
                  kafka.putIfAbsent(name.substring(KAFKA_PREFIX.length()), value);
                }
              });
    }
    return kafka;
  }

  /** How to reach the brokers; throws at once, for commands that need nothing else. */
  public KafkaAccess kafkaAccess() {
    Optional<String> bootstrap = get(KafkaSettings.BOOTSTRAP_SERVERS);
    if (bootstrap.isEmpty()) {
      problem("no Kafka broker is named: give --bootstrap-servers HOST:PORT");
    }
    int timeout = get(KafkaSettings.BROKER_TIMEOUT_SECONDS);
    get(KafkaSettings.LOG_FORMAT); // used before any command is, which says what is wrong with it
    sources.forEach(this::refuseUnknown);
    throwProblems();
    return new KafkaAccess(bootstrap.orElseThrow(), kafka(), Duration.ofSeconds(timeout));
  }

  void problem(String problem) {
    problems.add(problem);
  }

  /** Makes a problem of a given value, with what to do and where it came from. */
  void wrong(String name, String advice) {
    problem("%s is '%s': %s%s".formatted(name, text(name).orElse(""), advice, from(name)));
  }

  private String from(String name) {
    return source(name)
        .map(source -> " (from %s)".formatted(source.spelling().apply(name)))
        .orElse("");
  }

  /** How a setting is given on the command line. */
  static String flag(String name) {
    Setting<?> setting = ALL.get(name);
    return setting == null ? "--kafka" : setting.flag();
  }

  /** Makes a problem of every name that is no setting, with the one that may have been meant. */
  private void refuseUnknown(SettingSource source) {
    for (String name : new TreeSet<>(source.values().keySet())) {
      if (name.startsWith(KAFKA_PREFIX) || name.equals(GUARANTEE) || ALL.containsKey(name)) {
        continue;
      }
      Optional<String> meant = Nearest.to(name, ALL.keySet());
      if (source.shared()) {
        meant.ifPresent(
            known ->
                problem(
                    "the environment holds %s, and there is no such setting: did you mean %s?"
                        .formatted(Setting.variable(name), Setting.variable(known))));
      } else {
        problem(
            "there is no setting '%s': %s"
                .formatted(
                    name,
                    meant
                        .map("did you mean '%s'?"::formatted)
                        .orElse("see 'gatestream run --help'")));
      }
    }
  }

  void throwProblems() {
    if (!problems.isEmpty()) {
      throw new ConfigException(List.copyOf(problems));
    }
  }
}
