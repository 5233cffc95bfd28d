package io.gatestream.stream.ask;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.errors.Causes;
import io.gatestream.http.Refusal;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks other instances over HTTP, on the threads of the JDK's client. */
final class HttpPeers implements Peers {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(1);

  /** For the body, beyond the time for the headers. */
  private static final Duration BODY = Duration.ofSeconds(1);

  /** Of a body; a list of 1,000 streams has less than one. */
  static final int MOST_BYTES = 16 << 20;

  private final String application;
  private final Duration patience;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();

  /**
   * Creates it.
   *
   * @param application its id: at the port of an instance that is gone another may answer
   */
  HttpPeers(String application, Duration patience) {
    this.application = application;
    this.patience = patience;
  }

  @Override
  public CompletableFuture<Reply> ask(String instance, String path) {
    HttpRequest request;
    try {
      request =
          HttpRequest.newBuilder(URI.create("http://" + instance + path)).timeout(patience).build();
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture(
          Reply.failed(instance, Refusal.UNAVAILABLE, "no address: mend its http.advertised"));
    }
    CompletableFuture<HttpResponse<String>> exchange =
        client.sendAsync(request, response -> new LimitedBody(MOST_BYTES));
    // the timeout of a request ends with the headers of its response
    return exchange
        .copy()
        .orTimeout(patience.plus(BODY).toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (response, thrown) -> {
              if (thrown == null) {
                return reply(instance, response);
              }
              exchange.cancel(true);
              return unreachable(instance, thrown);
            });
  }

  private Reply reply(String instance, HttpResponse<String> response) {
    try {
      if (MAPPER.readTree(response.body()) instanceof ObjectNode body) {
        // a refusal, such as one of a busy instance, names no application
        boolean ours = body.path(Reply.APPLICATION).asText().equals(application);
        return ours || !isAnswer(response)
            ? new Reply(instance, response.statusCode(), body)
            : Reply.failed(instance, Refusal.UNAVAILABLE, "another application answers there");
      }
    } catch (JsonProcessingException e) {
      // said below
    }
    return Reply.failed(instance, Refusal.UNAVAILABLE, "what answers there is no Gatestream");
  }

  /** Whether it says something of streams. */
  private static boolean isAnswer(HttpResponse<String> response) {
    return response.statusCode() == Reply.OK || response.statusCode() == Refusal.NOT_FOUND;
  }

  private static Reply unreachable(String instance, Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return Reply.failed(instance, Refusal.UNAVAILABLE, "it does not answer" + why(cause));
  }

  private static String why(Throwable cause) {
    if (cause instanceof TimeoutException) {
      return " in time";
    }
    return cause instanceof ConnectException ? "" : ": " + Causes.text(cause);
  }
}
