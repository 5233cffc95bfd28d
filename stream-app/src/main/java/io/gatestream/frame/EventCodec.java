package io.gatestream.frame;

import io.gatestream.schema.LabelEvent;

/** Events to record values and back, in Avro's single-object encoding. Thread-safe. */
public final class EventCodec {
  /** Of a stream's id, and more than any class or model is called. */
  private static final int MAX_TEXT = 65_536;

  private final SingleObject<LabelEvent> events = new SingleObject<>(LabelEvent.class, 0, MAX_TEXT);

  public byte[] encode(LabelEvent event) {
    return events.encode(event);
  }

  /**
   * Reads an event.
   *
   * @throws FrameDecodeException UNPARSABLE or BAD_FIELD
   */
  public LabelEvent decode(byte[] value) throws FrameDecodeException {
    return events.decode(value);
  }
}
