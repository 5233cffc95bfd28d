package io.gatestream.replay;

import io.gatestream.errors.ConfigException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Offsets of one partition.
 *
 * @param from the first
 * @param to one after the last; the partition's end where empty
 */
public record OffsetSpan(long from, OptionalLong to) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9}):(\\d{1,18})-(\\d{1,18})?");

  public OffsetSpan {
    if (from < 0 || (to.isPresent() && to.getAsLong() <= from)) {
      throw new ConfigException(
          "offsets %d to %s: give a first one, and one after the last that is greater"
              .formatted(from, to.isPresent() ? to.getAsLong() : "the end"));
    }
  }

  /**
   * Reads {@code PARTITION:FROM-TO,...}; TO is not included, and without it the span goes to the
   * end.
   *
   * @throws ConfigException another form, or a partition twice
   */
  public static Map<Integer, OffsetSpan> parse(String text) {
    Map<Integer, OffsetSpan> spans = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = TEXT.matcher(part.strip());
      if (!matcher.matches()) {
        throw new ConfigException(
            "--offsets '%s': give PARTITION:FROM-TO, such as 0:1000-2000,1:0-".formatted(part));
      }
      int partition = Integer.parseInt(matcher.group(1));
      Optional<String> to = Optional.ofNullable(matcher.group(3));
      OffsetSpan span =
          new OffsetSpan(
              Long.parseLong(matcher.group(2)),
              to.map(end -> OptionalLong.of(Long.parseLong(end))).orElseGet(OptionalLong::empty));
      if (spans.put(partition, span) != null) {
        throw new ConfigException("--offsets names partition %d twice".formatted(partition));
      }
    }
    return spans;
  }

  @Override
  public String toString() {
    return from + "-" + (to.isPresent() ? Long.toString(to.getAsLong()) : "");
  }
}
