package io.gatestream.errors;

import org.jspecify.annotations.Nullable;

/**
 * Something outside of the program does not do its part: brokers, disk, network, memory, a native
 * library, or an earlier run of it. Exit code 1.
 *
 * <p>The message is written for the user. It says what to do and all there is to say, the cause
 * included: what its causes say is for the stack trace only.
 */
public class OutageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public OutageException(String message) {
    super(message);
  }

  public OutageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
