package io.gatestream.stream.events;

import io.gatestream.frame.EventCodec;
import io.gatestream.frame.Micros;
import io.gatestream.model.ModelBundle;
import io.gatestream.schema.LabelEvent;
import io.gatestream.schema.ModelId;

/** Makes records of what is to be told of events. Thread-safe. */
public final class EventWriter {
  private final EventCodec codec = new EventCodec();
  private final ModelId model;

  /**
   * Creates it.
   *
   * @param bundle whose labels the events are made of
   */
  public EventWriter(ModelBundle bundle) {
    this.model = new ModelId(bundle.name(), bundle.version(), bundle.bundleFingerprint());
  }

  /** The value of the event's record. */
  public byte[] encode(String streamId, EventChange change) {
    OpenEvent event = change.event();
    OpenEvent.Peak peak = event.peak();
    OpenEvent.Tally counted = event.counted();
    return codec.encode(
        LabelEvent.newBuilder()
            .setEventId(EventIds.of(streamId, event))
            .setPhase(change.phase())
            .setStreamId(streamId)
            .setSession(Micros.instant(event.first().session()))
            .setSequence(event.first().sequence())
            .setLabel(event.label())
            .setStartCaptureTime(Micros.instant(event.first().at().captureTime()))
            .setStartSourceTime(event.first().at().sourceTime())
            .setEndCaptureTime(Micros.instant(event.last().captureTime()))
            .setEndSourceTime(event.last().sourceTime())
            .setPeakCaptureTime(Micros.instant(peak.at().captureTime()))
            .setPeakSourceTime(peak.at().sourceTime())
            .setPeakScore(peak.score())
            .setMeanScore((float) (counted.sum() / counted.frames()))
            .setFrames(counted.frames())
            .setReason(change.reason())
            .setReset(change.reset())
            .setContinues(event.continues())
            .setModel(model)
            .build());
  }

  /** The timestamp of the event's record, milliseconds: that of its last frame so far. */
  public static long timestamp(EventChange change) {
    return change.event().last().captureTime() / 1_000;
  }
}
