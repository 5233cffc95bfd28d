package io.gatestream.lookahead;

/**
 * How much is done ahead, and with what.
 *
 * @param workers threads that decode and encode ahead; 0 leaves all work to the stream threads
 * @param pixelSlots decoded pictures that may exist at once
 * @param streamThreads stream threads of this process, each of which has one slot kept
 */
public record LookaheadSettings(int workers, int pixelSlots, int streamThreads) {
  public LookaheadSettings {
    if (workers < 0 || streamThreads < 1 || pixelSlots <= streamThreads) {
      throw new IllegalArgumentException(
          "%d workers, %d pixel slots, %d stream threads: slots must outnumber stream threads"
              .formatted(workers, pixelSlots, streamThreads));
    }
  }
}
