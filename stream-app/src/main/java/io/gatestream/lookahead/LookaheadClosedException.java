package io.gatestream.lookahead;

/** Work was cut short because the application closes. */
final class LookaheadClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LookaheadClosedException() {
    super("the lookahead is closed");
  }
}
