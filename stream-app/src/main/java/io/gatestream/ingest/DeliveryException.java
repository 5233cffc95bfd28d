package io.gatestream.ingest;

import java.io.IOException;

/** A frame that the broker did not take; the message names topic and stream and says what to do. */
public final class DeliveryException extends IOException {
  private static final long serialVersionUID = 1L;

  DeliveryException(String message, Throwable cause) {
    super(message, cause);
  }
}
