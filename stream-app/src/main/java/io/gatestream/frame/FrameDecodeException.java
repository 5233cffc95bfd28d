package io.gatestream.frame;

/**
 * A record that is no frame, or a frame that does not decode: it is rejected and its stream goes
 * on.
 */
public final class FrameDecodeException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  public FrameDecodeException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public FrameDecodeException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Why a record was rejected; the name travels in a header of the rejected record. */
  public enum Reason {
    /** The value is no Avro single object of a known Frame schema. */
    UNPARSABLE,
    /** A null key, or one that differs from the frame's streamId. */
    KEY_MISMATCH,
    /** A negative capture time or one outside the supported range. */
    BAD_TIME,
    /** A field outside its range: frameCount, sequence, width, height, auxiliary. */
    BAD_FIELD,
    /** An encoding that this version does not know. */
    UNKNOWN_ENCODING,
    /** Larger than the configured limits, by its header, or more work to decode than they allow. */
    TOO_LARGE,
    /** Damaged, truncated, empty or not what the encoding says. */
    CORRUPT,
    /** A segment that decodes to another number of frames than frameCount. */
    FRAME_COUNT,
    /** The model gives no finite numbers for it, even from the initial state. */
    NOT_FINITE,
    /** Decoding it killed a process, and a second one in a trial. */
    KILLS_PROCESS
  }
}
