package io.gatestream.lookahead;

/** A picture was not worked on ahead as far as somebody wants it; the processor does the rest. */
public final class NotAheadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NotAheadException(String message) {
    super(message, null, false, false); // it is no failure, and comes often: no stack trace
  }
}
