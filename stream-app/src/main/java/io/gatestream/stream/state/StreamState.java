package io.gatestream.stream.state;

import io.gatestream.schema.Reset;
import io.gatestream.stream.events.StreamEvents;
import io.gatestream.stream.policy.StreamProgress;

/**
 * All that is kept of one stream: its progress, the model's state tensors and its events.
 * Immutable: nobody changes the arrays.
 */
public final class StreamState {
  public static final StreamState START = new StreamState(StreamProgress.START, new float[0][], -1);

  private final StreamProgress progress;
  private final float[][] tensors;
  private final long lastOffset;
  private final StreamEvents events;

  /** A state without events. */
  public StreamState(StreamProgress progress, float[][] tensors, long lastOffset) {
    this(progress, tensors, lastOffset, StreamEvents.NONE);
  }

  /**
   * Creates a state; the arrays are kept, not copied.
   *
   * @param tensors one array per state tensor, row-major without the batch dimension; empty before
   *     the first step and where they have been removed
   * @param lastOffset of the stream's last record in its partition, -1 where that is not known
   */
  public StreamState(
      StreamProgress progress, float[][] tensors, long lastOffset, StreamEvents events) {
    this.progress = progress;
    this.tensors = tensors;
    this.lastOffset = lastOffset;
    this.events = events;
  }

  public StreamProgress progress() {
    return progress;
  }

  /** The arrays themselves, not copies. */
  public float[][] tensors() {
    return tensors;
  }

  public StreamState with(StreamProgress newProgress) {
    return new StreamState(newProgress, tensors, lastOffset, events);
  }

  /** The same, after a step. */
  public StreamState stepped(StreamProgress newProgress, float[][] newTensors) {
    return new StreamState(newProgress, newTensors, lastOffset, events);
  }

  public StreamState with(StreamEvents newEvents) {
    return new StreamState(progress, tensors, lastOffset, newEvents);
  }

  public StreamEvents events() {
    return events;
  }

  /** The same, after the record at an offset of the stream's partition. */
  public StreamState at(long offset) {
    return new StreamState(progress, tensors, offset, events);
  }

  /** Offset of the stream's last record in its partition, -1 where that is not known. */
  public long lastOffset() {
    return lastOffset;
  }

  /** Bytes of all tensors. */
  public long tensorBytes() {
    long bytes = 0;
    for (float[] tensor : tensors) {
      bytes += (long) tensor.length * Float.BYTES;
    }
    return bytes;
  }

  /** The same to be looked at, without the memory of the tensors; never stored. */
  public StreamState aside() {
    return new StreamState(progress, new float[0][], lastOffset, events);
  }

  /**
   * All but the tensors: counts, session, sequence and times stay, so that account, duplicates and
   * resets go on as they were, and the next label begins anew.
   */
  public StreamState withoutTensors() {
    if (tensors.length == 0) {
      return this;
    }
    Reset pending = progress.pendingReset();
    return new StreamState(
        progress.withPendingReset(pending == Reset.NONE ? Reset.FIRST_FRAME : pending),
        new float[0][],
        lastOffset,
        events);
  }
}
