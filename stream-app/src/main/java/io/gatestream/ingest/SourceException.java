package io.gatestream.ingest;

import java.io.IOException;

/**
 * A source that does not open or is damaged: it ends, the others go on. The message names the
 * source, never a password of its URL.
 */
public final class SourceException extends IOException {
  private static final long serialVersionUID = 1L;

  SourceException(String message) {
    super(message);
  }
}
