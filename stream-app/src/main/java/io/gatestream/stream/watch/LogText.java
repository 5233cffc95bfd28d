package io.gatestream.stream.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Text from records as a log line may hold it: short, on one line. */
final class LogText {
  private static final int LONGEST = 200;

  private LogText() {}

  static String of(byte[] key) {
    return of(new String(key, 0, Math.min(key.length, 4 * LONGEST), UTF_8));
  }

  static String of(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return text.codePointCount(0, text.length()) > LONGEST ? line + "..." : line.toString();
  }
}
