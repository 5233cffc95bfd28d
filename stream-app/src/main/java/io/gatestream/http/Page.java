package io.gatestream.http;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A method and a path, and what answers.
 *
 * @param path such as {@code /streams/{id}}; a name in braces stands for one segment, {@code
 *     {name*}} at the end for all that follow
 */
public record Page(String method, String path, Handler handler) {
  /** Answers; called by several threads at once. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers a request.
     *
     * @throws Refusal it cannot be answered as asked
     * @throws IOException the other side is gone
     */
    Answer answer(Request request) throws IOException;
  }

  /** A page that is read; HEAD is answered too. */
  public static Page get(String path, Handler handler) {
    return new Page("GET", path, handler);
  }

  /** The segments that the path names, decoded; empty where a path is another one. */
  Optional<Map<String, String>> match(String rawPath) {
    String[] wanted = path.split("/", -1);
    String[] given = rawPath.split("/", -1);
    Map<String, String> segments = new HashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      String name = wanted[i];
      if (name.endsWith("*}") && i < given.length) {
        String rest = String.join("/", Arrays.asList(given).subList(i, given.length));
        segments.put(name.substring(1, name.length() - 2), Request.decoded(rest));
        return Optional.of(segments);
      }
      if (i >= given.length) {
        return Optional.empty();
      }
      if (name.startsWith("{") && !given[i].isEmpty()) {
        segments.put(name.substring(1, name.length() - 1), Request.decoded(given[i]));
      } else if (!name.equals(given[i])) {
        return Optional.empty();
      }
    }
    return wanted.length == given.length ? Optional.of(segments) : Optional.empty();
  }
}
