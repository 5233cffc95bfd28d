package io.gatestream.ingest;

import io.gatestream.schema.Frame;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A source's frames on their way to the sink, counted. One thread stamps; frames are delivered and
 * dropped by that thread or by the one of a {@link LiveQueue}.
 */
final class SourceOutput {
  private final VideoSource source;
  private final IngestContext context;
  private final FrameStamper stamper;
  private final AtomicLong frames = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private boolean fullAtOnce;

  SourceOutput(VideoSource source, IngestContext context, FrameStamper stamper) {
    this.source = source;
    this.context = context;
    this.stamper = stamper;
  }

  VideoSource source() {
    return source;
  }

  FrameStamper stamper() {
    return stamper;
  }

  /** Whether a payload would go beyond the number of frames asked for. */
  boolean full(Payload payload) {
    boolean full =
        stamper.sequence() + payload.frames()
            > context.settings().timing().maxFrames().orElse(Long.MAX_VALUE);
    fullAtOnce |= full && stamper.sequence() == 0;
    return full;
  }

  /** Whether the very first payload went beyond it. */
  boolean fullAtOnce() {
    return fullAtOnce;
  }

  void deliver(Frame frame) throws DeliveryException {
    int size = frame.getPayload().remaining();
    int count = frame.getFrameCount();
    context.sink().send(frame, delivered -> delivered(delivered, count, size));
  }

  /** On a thread of the sink: only what arrived counts. */
  private void delivered(boolean delivered, int count, int size) {
    if (delivered) {
      frames.addAndGet(count);
      bytes.addAndGet(size);
      context.listener().sent(source, count, size);
    } else {
      refused.addAndGet(count);
    }
  }

  void drop(Frame frame) {
    dropped.addAndGet(frame.getFrameCount());
    context.listener().dropped(source, frame.getFrameCount());
  }

  /** Frames that arrived. */
  long frames() {
    return frames.get();
  }

  /** Bytes of their payloads. */
  long bytes() {
    return bytes.get();
  }

  /** Frames for which a camera's queue had no place. */
  long dropped() {
    return dropped.get();
  }

  /** Frames that the sink did not take. */
  long refused() {
    return refused.get();
  }
}
