package io.gatestream.stream.state;

import io.gatestream.errors.OutageException;

/**
 * The local state could not be opened and has been deleted. The changelog restores it: an
 * application that is opened anew goes on from the last commit.
 */
public final class DamagedStateException extends OutageException {
  private static final long serialVersionUID = 1L;

  public DamagedStateException(String message, Throwable cause) {
    super(message, cause);
  }
}
