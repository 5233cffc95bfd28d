package io.gatestream.evaluate.score;

/** Recall and precision, 0 to 1, where every score from some threshold on counts as predicted. */
public record CurvePoint(double recall, double precision) {}
