package io.gatestream.replay;

/**
 * How a replay ended.
 *
 * @param finished false where it was asked to stop before the end
 * @param records that were read in this run, those left out included
 * @param labels that were written in this run
 * @param seconds that this run took, the model's loading not counted
 */
public record ReplayResult(boolean finished, long records, long labels, double seconds) {}
