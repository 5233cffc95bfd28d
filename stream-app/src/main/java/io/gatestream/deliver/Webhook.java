package io.gatestream.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.errors.IoReason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Posts events to a URL as JSON. An answer of 2xx is a delivery; 408, 425, 429, 5xx and no answer
 * within 10 s are failures that may pass; all else is a refusal.
 */
public final class Webhook implements Outlet {
  static final String SIGNATURE = "X-Gatestream-Signature";
  static final String POSITION = "X-Gatestream-Delivery";

  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(LONGEST)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private final URI url;
  private final Optional<String> secret;

  /**
   * Creates it.
   *
   * @param secret by which requests are signed: HMAC-SHA256 of the body, hexadecimal, after {@code
   *     sha256=}
   */
  public Webhook(URI url, Optional<String> secret) {
    this.url = url;
    this.secret = secret;
  }

  @Override
  public Outcome deliver(Delivery delivery) throws InterruptedException {
    byte[] body = delivery.body().getBytes(UTF_8);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(LONGEST)
            .header("Content-Type", "application/json")
            .header(POSITION, delivery.position())
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    secret.ifPresent(key -> request.header(SIGNATURE, "sha256=" + signature(key, body)));
    try {
      int status =
          client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status / 100 == 2) {
        return new Outcome.Done();
      }
      String why = "the webhook answers %d".formatted(status);
      return status / 100 == 5 || PASSING.contains(status)
          ? new Outcome.Failed(why)
          : new Outcome.Refused(why);
    } catch (IOException e) {
      return new Outcome.Failed("the webhook does not answer: " + IoReason.of(e));
    }
  }

  static String signature(String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
