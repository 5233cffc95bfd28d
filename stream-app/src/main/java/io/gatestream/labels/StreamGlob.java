package io.gatestream.labels;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A pattern for stream ids: {@code *} is any text, {@code ?} one character, the rest itself. */
public record StreamGlob(Pattern pattern) implements Predicate<String> {
  public static StreamGlob of(String glob) {
    StringBuilder regex = new StringBuilder();
    glob.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(c)));
              }
            });
    return new StreamGlob(Pattern.compile(regex.toString(), Pattern.DOTALL));
  }

  @Override
  public boolean test(String stream) {
    return pattern.matcher(stream).matches();
  }
}
