package io.gatestream.errors;

/**
 * A failure at run time whose message is written for the user and says all there is to say, the
 * cause included: what its causes say is for the stack trace only.
 */
public final class ToldException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  public ToldException(String message, Throwable cause) {
    super(message, cause);
  }
}
