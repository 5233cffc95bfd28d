package io.gatestream.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a page answers with: a text or bytes that are there, or what is written as it comes. */
public final class Answer {
  private static final int OK = 200;
  private static final byte[] NOTHING = {};

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;
  private final Optional<Body> written;

  private Answer(int status, Map<String, String> headers, byte[] body, Optional<Body> written) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.written = written;
  }

  /** Writes a body, on a thread of its own, until it returns or the other side is gone. */
  @FunctionalInterface
  public interface Body extends AutoCloseable {
    /**
     * Writes it.
     *
     * @throws IOException the other side is gone
     */
    void writeTo(OutputStream out) throws IOException, InterruptedException;

    /** Gives back what it holds; called once, whether it was written or not. */
    @Override
    default void close() throws IOException {}
  }

  public static Answer text(String text) {
    return text(OK, text);
  }

  public static Answer text(int status, String text) {
    return bytes(status, "text/plain; version=0.0.4; charset=utf-8", text.getBytes(UTF_8));
  }

  public static Answer json(String json) {
    return json(OK, json);
  }

  public static Answer json(int status, String json) {
    return bytes(status, "application/json; charset=utf-8", json.getBytes(UTF_8));
  }

  /** Takes the bytes over, no copy. */
  public static Answer bytes(String contentType, byte[] bytes) {
    return bytes(OK, contentType, bytes);
  }

  private static Answer bytes(int status, String contentType, byte[] bytes) {
    return new Answer(status, Map.of("Content-Type", contentType), bytes, Optional.empty());
  }

  /** A status alone. */
  public static Answer empty(int status) {
    return new Answer(status, Map.of(), NOTHING, Optional.empty());
  }

  /** A body whose length nobody knows yet. */
  public static Answer written(String contentType, Body body) {
    return new Answer(OK, Map.of("Content-Type", contentType), NOTHING, Optional.of(body));
  }

  public Answer with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body, written);
  }

  public int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  /** The array itself; empty where a body is written. */
  byte[] body() {
    return body;
  }

  Optional<Body> written() {
    return written;
  }
}
