package io.gatestream.ingest;

/** Says which of a source's pictures stay, so that no more come a second than asked for. */
interface Thinning {
  /** Whether a picture stays; asked once for each, in order of time. */
  boolean keeps(long micros);

  /** Frames per second at most. */
  double rate();
}
