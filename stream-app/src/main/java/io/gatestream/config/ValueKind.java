package io.gatestream.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which values a setting takes: how they are written, what is allowed, and how text becomes one.
 *
 * @param form stands for the value in help, with its unit: {@code BYTES}
 * @param allowed completes "give ..."
 * @param range the bounds of a number, empty for all else
 * @param parser of text that is not blank; empty where it is not allowed
 * @param writer of what the parser takes
 */
record ValueKind<T>(
    String form,
    String allowed,
    String range,
    Function<String, Optional<T>> parser,
    Function<T, String> writer) {
  private static final String NAME = "[a-zA-Z0-9._-]{1,200}";
  private static final long MICROS = 1_000_000;
  private static final long YEAR_10000 = 253_402_300_800L * MICROS;

  static ValueKind<Integer> whole(String form, int min, int max) {
    ValueKind<Long> kind = large(form, min, max);
    return new ValueKind<>(
        form,
        kind.allowed,
        kind.range,
        text -> kind.parser.apply(text).map(Math::toIntExact),
        String::valueOf);
  }

  static ValueKind<Long> large(String form, long min, long max) {
    String range = "%d to %d".formatted(min, max);
    return new ValueKind<>(
        form,
        "a whole number from " + range,
        range,
        text -> {
          try {
            return Optional.of(Long.parseLong(text)).filter(value -> value >= min && value <= max);
          } catch (NumberFormatException e) {
            return Optional.empty();
          }
        },
        String::valueOf);
  }

  static ValueKind<Boolean> trueOrFalse() {
    return new ValueKind<>(
        "true|false",
        "true or false",
        "",
        text ->
            text.equals("true") || text.equals("false")
                ? Optional.of(Boolean.valueOf(text))
                : Optional.empty(),
        String::valueOf);
  }

  /** Constants of an enum, in small letters with dashes. */
  static <E extends Enum<E>> ValueKind<E> choice(Class<E> type) {
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      names.add(spelled(constant));
    }
    return new ValueKind<>(
        String.join("|", names),
        "one of " + String.join(", ", names),
        "",
        text -> {
          for (E constant : type.getEnumConstants()) {
            if (spelled(constant).equalsIgnoreCase(text)
                || constant.name().equalsIgnoreCase(text)) {
              return Optional.of(constant);
            }
          }
          return Optional.empty();
        },
        ValueKind::spelled);
  }

  private static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static ValueKind<String> text(String form) {
    return new ValueKind<>(form, "a text", "", Optional::of, Function.identity());
  }

  /** What Kafka and the file system take as part of a name. */
  static ValueKind<String> name(String form) {
    return new ValueKind<>(
        form,
        "1 to 200 letters, digits, '.', '_' and '-'",
        "",
        text -> Optional.of(text).filter(name -> name.matches(NAME)),
        Function.identity());
  }

  static ValueKind<Path> path(String form) {
    return new ValueKind<>(
        form,
        "a path",
        "",
        text -> {
          try {
            return Optional.of(Path.of(text));
          } catch (InvalidPathException e) {
            return Optional.empty();
          }
        },
        Path::toString);
  }

  /** Microseconds since 1970, written as ISO-8601. */
  static ValueKind<Long> time(String form) {
    return new ValueKind<>(
        form,
        "a time after 1970 and before 10000 such as 2200-01-01T00:00:00Z",
        "",
        text -> {
          try {
            Instant time = Instant.parse(text);
            long micros =
                Math.addExact(
                    Math.multiplyExact(time.getEpochSecond(), MICROS), time.getNano() / 1_000);
            return Optional.of(micros).filter(value -> value > 0 && value <= YEAR_10000);
          } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
          }
        },
        micros -> Instant.ofEpochSecond(micros / MICROS, micros % MICROS * 1_000).toString());
  }

  /** The same for a setting without a fixed default: empty where it is not given. */
  ValueKind<Optional<T>> optional() {
    return new ValueKind<>(
        form,
        allowed,
        range,
        text -> parser.apply(text).map(Optional::of),
        value -> value.map(writer).orElse(""));
  }
}
