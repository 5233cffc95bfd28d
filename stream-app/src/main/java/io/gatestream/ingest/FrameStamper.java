package io.gatestream.ingest;

import io.gatestream.schema.Frame;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Numbers a stream's payloads and gives them their times. For one thread. */
final class FrameStamper {
  private final String streamId;
  private final Instant session;
  private long sequence;

  FrameStamper(String streamId, Instant session) {
    this.streamId = streamId;
    this.session = session;
  }

  /**
   * Makes the next frame; its numbers are used up, so one that is then dropped leaves a hole.
   *
   * @param sourceMicros since the stream's start
   * @param captureMicros since the epoch
   */
  Frame stamp(Payload payload, long sourceMicros, long captureMicros) {
    Frame frame =
        Frame.newBuilder()
            .setStreamId(streamId)
            .setSession(session)
            .setFrameCount(payload.frames())
            .setSequence(sequence)
            .setCaptureTime(Instant.EPOCH.plus(captureMicros, ChronoUnit.MICROS))
            .setSourceTime(sourceMicros)
            .setEncoding(payload.encoding())
            .setPayload(payload.bytes())
            .build();
    sequence += payload.frames();
    return frame;
  }

  /** Frames numbered so far. */
  long sequence() {
    return sequence;
  }

  static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
