package io.gatestream.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One request, as its page sees it. For the thread that answers. */
public final class Request {
  private final HttpExchange exchange;
  private final Map<String, String> segments;

  Request(HttpExchange exchange, Map<String, String> segments) {
    this.exchange = exchange;
    this.segments = segments;
  }

  public String method() {
    return exchange.getRequestMethod();
  }

  /** The path as it was sent, still encoded. */
  public String rawPath() {
    return exchange.getRequestURI().getRawPath();
  }

  /**
   * What stands in the place of {@code {name}} in the page's path, decoded.
   *
   * @throws IllegalArgumentException the path has no such place
   */
  public String segment(String name) {
    String value = segments.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no {%s} in the path".formatted(name));
    }
    return value;
  }

  /**
   * A value of the query, decoded; the first of several.
   *
   * @throws Refusal the query is not encoded as it should be
   */
  public Optional<String> query(String name) {
    return Optional.ofNullable(queries().get(name));
  }

  private Map<String, String> queries() {
    Map<String, String> found = new HashMap<>();
    String query = exchange.getRequestURI().getRawQuery();
    if (query == null) {
      return found;
    }
    for (String pair : query.replace("+", "%20").split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      found.putIfAbsent(decoded(name), decoded(value));
    }
    return found;
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /** The value of a cookie. */
  public Optional<String> cookie(String name) {
    String prefix = name + "=";
    return header("Cookie").stream()
        .flatMap(cookies -> Arrays.stream(cookies.split(";", -1)))
        .map(String::strip)
        .filter(cookie -> cookie.startsWith(prefix))
        .map(cookie -> cookie.substring(prefix.length()))
        .findFirst();
  }

  /**
   * The body as text.
   *
   * @throws Refusal it is larger than {@code most} bytes
   */
  public String text(int most) throws IOException {
    byte[] bytes = exchange.getRequestBody().readNBytes(most + 1);
    if (bytes.length > most) {
      throw new Refusal(Refusal.TOO_LARGE, "at most %d bytes".formatted(most));
    }
    return new String(bytes, UTF_8);
  }

  /** Undoes percent encoding; a plus stays one. */
  static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException e) {
      throw Refusal.badRequest("the address is not percent-encoded as it should be");
    }
  }
}
