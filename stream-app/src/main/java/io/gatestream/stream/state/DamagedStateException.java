package io.gatestream.stream.state;

/**
 * The local state could not be opened and has been deleted. The changelog restores it: an
 * application that is opened anew goes on from the last commit.
 */
public final class DamagedStateException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  public DamagedStateException(String message, Throwable cause) {
    super(message, cause);
  }
}
