package io.gatestream.hostile;

import org.jspecify.annotations.Nullable;

/**
 * A record for the frames topic. The arrays are its own: nobody changes them.
 *
 * @param mutation what was done to it
 * @param timestamp milliseconds
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HostileRecord(
    Mutation mutation, byte @Nullable [] key, byte @Nullable [] value, long timestamp) {
  /** Whether it is a frame that must be labelled or skipped as if nothing else had come. */
  public boolean valid() {
    return mutation == Mutation.VALID;
  }
}
