package io.gatestream.evaluate.score;

/**
 * Decisions of similar confidence, and how often they were right.
 *
 * @param from exclusive, but for 0
 * @param to inclusive
 * @param confidence mean, NaN of no decisions
 * @param accuracy share that was right, NaN of no decisions
 */
public record ReliabilityBin(
    double from, double to, long decisions, double confidence, double accuracy) {}
