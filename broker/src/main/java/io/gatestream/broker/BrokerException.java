package io.gatestream.broker;

/**
 * A port or a data folder that a broker cannot use: the user names another. A cause of input or
 * output is not repeated in the message.
 */
public final class BrokerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokerException(String message) {
    super(message);
  }

  BrokerException(String message, Throwable cause) {
    super(message, cause);
  }
}
