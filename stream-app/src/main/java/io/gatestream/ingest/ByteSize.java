package io.gatestream.ingest;

import io.gatestream.errors.ConfigException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a number of bytes, such as 67108864 or 64MiB. */
public final class ByteSize {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,12})(KiB|MiB|GiB)?");
  private static final Map<String, Integer> SHIFTS = Map.of("KiB", 10, "MiB", 20, "GiB", 30);

  private ByteSize() {}

  /**
   * Reads a size.
   *
   * @param name of the flag, for the message
   * @throws ConfigException another form, or outside the bounds
   */
  public static long parse(String name, String text, long least, long most) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new ConfigException(
          "%s '%s': give bytes, such as 67108864 or 64MiB".formatted(name, text));
    }
    int shift = matcher.group(2) == null ? 0 : SHIFTS.getOrDefault(matcher.group(2), 0);
    long count = Long.parseLong(matcher.group(1));
    if (count > most >> shift || count << shift < least) {
      throw new ConfigException("%s is %s: give %d to %d bytes".formatted(name, text, least, most));
    }
    return count << shift;
  }
}
