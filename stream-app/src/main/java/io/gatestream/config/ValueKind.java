package io.gatestream.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

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
  private static final long YEAR_10000 = 253_402_300_800_000_000L;

  static ValueKind<Integer> whole(String form, int min, int max) {
    return number(form, Integer::parseInt, min, max);
  }

  static ValueKind<Long> large(String form, long min, long max) {
    return number(form, Long::parseLong, min, max);
  }

  private static <N extends Number> ValueKind<N> number(
      String form, Function<String, N> parse, long min, long max) {
    String range = "%d to %d".formatted(min, max);
    return new ValueKind<>(
        form,
        "a whole number from " + range,
        range,
        parser(parse, value -> value.longValue() >= min && value.longValue() <= max),
        String::valueOf);
  }

  /** Text that the function takes without an exception and whose value is allowed. */
  private static <T> Function<String, Optional<T>> parser(
      Function<String, T> parse, Predicate<T> isAllowed) {
    return text -> {
      try {
        return Optional.of(parse.apply(text)).filter(isAllowed);
      } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
        return Optional.empty();
      }
    };
  }

  static ValueKind<Boolean> trueOrFalse() {
    return choice(List.of(true, false), String::valueOf);
  }

  /** Constants of an enum, in small letters with dashes. */
  static <E extends Enum<E>> ValueKind<E> choice(Class<E> type) {
    return choice(
        List.of(type.getEnumConstants()),
        constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private static <T> ValueKind<T> choice(List<T> values, Function<T, String> spelling) {
    List<String> names = values.stream().map(spelling).toList();
    return new ValueKind<>(
        String.join("|", names),
        "one of " + String.join(", ", names),
        "",
        text ->
            values.stream()
                .filter(value -> spelling.apply(value).equalsIgnoreCase(text.replace('_', '-')))
                .findFirst(),
        spelling);
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
        parser(Function.identity(), name -> name.matches(NAME)),
        Function.identity());
  }

  /** A machine, as a name or an address, and perhaps a port. */
  static ValueKind<String> host(String form) {
    return new ValueKind<>(
        form,
        "a host without underscores, with or without a port from 1 to 65535, such as camera-1.example.com:8080 or [2001:db8::1]:8080",
        "",
        text -> isHost(text) ? hostOf(text) : Optional.empty(),
        Function.identity());
  }

  private static boolean isHost(String text) {
    return text.matches("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?") || isBareIpv6(text);
  }

  private static boolean isBareIpv6(String text) {
    return text.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  }

  /** What a URL takes, its port without leading zeros. */
  private static Optional<String> hostOf(String text) {
    int colon = isBareIpv6(text) ? -1 : text.lastIndexOf(':');
    if (colon < 0 || text.endsWith("]")) {
      return Optional.of(text).filter(host -> isInUrl(isBareIpv6(host) ? "[" + host + "]" : host));
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    return Optional.of(text.substring(0, colon) + ":" + port)
        .filter(host -> port >= 1 && port <= 65_535 && isInUrl(host));
  }

  private static boolean isInUrl(String host) {
    try {
      return new URI("http://" + host).getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  static ValueKind<Path> path(String form) {
    return new ValueKind<>(form, "a path", "", parser(Path::of, path -> true), Path::toString);
  }

  /** The address of a server, without user and password: those would be shown. */
  static ValueKind<URI> url(String form) {
    return new ValueKind<>(
        form,
        "an http or https URL without user and password, such as http://localhost:4318",
        "",
        parser(URI::create, ValueKind::isServer),
        URI::toString);
  }

  private static boolean isServer(URI url) {
    String scheme = url.getScheme();
    return ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
        && url.getHost() != null
        && url.getRawUserInfo() == null
        && url.getPort() <= 65_535;
  }

  /** Microseconds since 1970, written as ISO-8601. */
  static ValueKind<Long> time(String form) {
    return new ValueKind<>(
        form,
        "a time after 1970 and before 10000 such as 2200-01-01T00:00:00Z",
        "",
        parser(
            text -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text)),
            micros -> micros > 0 && micros <= YEAR_10000),
        micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString());
  }

  /** The same for a setting without a fixed default: empty where it is not given. */
  ValueKind<Optional<T>> optional() {
    return new ValueKind<>(
        form,
        allowed,
        range,
        text -> Optional.of(parser.apply(text)).filter(Optional::isPresent),
        value -> value.map(writer).orElse(""));
  }
}
