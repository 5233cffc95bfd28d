package io.gatestream.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.http.Refusal;
import io.gatestream.http.Request;
import io.gatestream.http.WebServer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may ask. Without a token only whoever names this machine itself, so that a page of another
 * site whose name leads here is refused. With a token: whoever brings it, as {@code Authorization:
 * Bearer} or in the cookie of a login. Writes come from the page itself only.
 */
final class TokenGate implements WebServer.Gate {
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final int COOKIE_NAME = 8;
  private static final String BEARER = "Bearer ";

  private final String host;
  private final Optional<String> token;

  /** Answers as {@code host} too, the address that it listens on. */
  TokenGate(String host, Optional<String> token) {
    this.host = host.contains(":") ? "[" + host + "]" : host;
    this.token = token;
  }

  @Override
  public void pass(Request request) {
    String asked = request.header("Host").orElse("");
    String name = withoutPort(asked);
    if (token.isEmpty() && !THIS_MACHINE.contains(name) && !host.equalsIgnoreCase(name)) {
      throw new Refusal(
          Refusal.FORBIDDEN,
          "without a token the dashboard answers to localhost only: open http://localhost, or"
              + " start it with --token-file");
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      requireOwnPage(request, asked);
    }
    if (request.rawPath().startsWith("/api/")
        && !request.rawPath().equals("/api/login")
        && token.isPresent()
        && !isKnown(request, token.get())) {
      throw new Refusal(Refusal.UNAUTHORIZED, "a token is needed");
    }
  }

  private static void requireOwnPage(Request request, String host) {
    boolean foreign =
        request
            .header("Origin")
            .filter(origin -> !origin.replaceFirst("^https?://", "").equalsIgnoreCase(host))
            .isPresent();
    if (foreign) {
      throw new Refusal(Refusal.FORBIDDEN, "another site may not write here");
    }
    boolean json =
        request
            .header("Content-Type")
            .map(type -> type.toLowerCase(Locale.ROOT).startsWith("application/json"))
            .orElse(request.method().equals("DELETE"));
    if (!json) {
      throw Refusal.badRequest("Content-Type must be application/json");
    }
  }

  private static String withoutPort(String host) {
    return host.replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT);
  }

  private static boolean isKnown(Request request, String token) {
    return request
            .header("Authorization")
            .filter(value -> value.startsWith(BEARER))
            .filter(value -> same(value.substring(BEARER.length()).strip(), token))
            .isPresent()
        || request
            .cookie(cookieName(token))
            .filter(value -> same(value, ofCookie(token)))
            .isPresent();
  }

  /** The cookie for a token that is right; empty where it is not. */
  Optional<String> login(String given) {
    return token
        .filter(right -> same(given.strip(), right))
        .map(
            right ->
                "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000"
                    .formatted(cookieName(right), ofCookie(right)));
  }

  /** Another one for another token: a browser has one set of cookies for all ports of a host. */
  private static String cookieName(String token) {
    return "gatestream-" + ofCookie("name " + token).substring(0, COOKIE_NAME);
  }

  /** Takes the same time however much of it is right. */
  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(digest(one), digest(other));
  }

  /** The token itself does not lie in the browser. */
  private static String ofCookie(String token) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest("cookie " + token));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Map<String, String> headers() {
    return Map.of(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src"
            + " 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'",
        "X-Content-Type-Options",
        "nosniff",
        "Referrer-Policy",
        "no-referrer",
        "Cross-Origin-Resource-Policy",
        "same-origin",
        "Cache-Control",
        "no-cache");
  }
}
