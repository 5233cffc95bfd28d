package io.gatestream.labels;

/** A topic that may not be read, or whose brokers do not answer in time. */
public final class TopicUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TopicUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
