package io.gatestream.hostile;

/** What was done to a frame. */
public enum Mutation {
  /** Nothing: every encoding and every kind of JPEG that is taken. */
  VALID(Verdict.LABELLED, 0),
  JPEG_TRUNCATED(Verdict.REJECTED, 20),
  PNG_TRUNCATED(Verdict.REJECTED, 10),
  TS_TRUNCATED(Verdict.ANY, 25),
  MP4_TRUNCATED(Verdict.ANY, 25),
  JPEG_BIT_FLIPS(Verdict.ANY, 20),
  JPEG_KINDS_BIT_FLIPS(Verdict.ANY, 20),
  PNG_BIT_FLIPS(Verdict.ANY, 8),
  TS_BIT_FLIPS(Verdict.ANY, 20),
  MP4_BIT_FLIPS(Verdict.ANY, 20),
  JPEG_SPLICED(Verdict.ANY, 8),
  SEGMENT_SPLICED(Verdict.ANY, 8),
  EMPTY(Verdict.REJECTED, 3),
  WRONG_ENCODING(Verdict.REJECTED, 6),
  ENCODING_UNKNOWN(Verdict.REJECTED, 2),
  WRONG_SIZE(Verdict.REJECTED, 4),
  RAW_WRONG_LENGTH(Verdict.REJECTED, 4),
  JPEG_BOMB(Verdict.REJECTED, 4),
  PNG_BOMB(Verdict.REJECTED, 4),
  PNG_INFLATES(Verdict.REJECTED, 2),
  /** Thousands of scans, floods of tables and segments: small files that would take seconds. */
  JPEG_COSTS(Verdict.REJECTED, 3),
  /** A palette or transparency that does not fit, or thousands of chunks. */
  PNG_CHUNKS(Verdict.REJECTED, 3),
  /** Tables that claim millions of samples, floods of NAL units, pictures that are never shown. */
  SEGMENT_COSTS(Verdict.REJECTED, 3),
  /** Bytes that belong to nothing, more than a few, between a JPEG's markers. */
  JPEG_STRAY(Verdict.REJECTED, 3),
  CMYK(Verdict.REJECTED, 3),
  SIXTEEN_K_WIDE(Verdict.REJECTED, 2),
  NO_KEYFRAME(Verdict.REJECTED, 4),
  NEW_SIZE(Verdict.REJECTED, 4),
  BROKEN_TIMES(Verdict.REJECTED, 4),
  WRONG_COUNT(Verdict.REJECTED, 4),
  /** A real clip with B-frames, whole. */
  REORDERED(Verdict.LABELLED, 0),
  /**
   * A playlist, script, description or movie that names files and addresses. A movie is labelled
   * where FFmpeg ignores the reference and finds the pictures in the movie itself.
   */
  REFERENCE(Verdict.ANY, 8),
  UNKNOWN_FINGERPRINT(Verdict.REJECTED, 4),
  AVRO_TRUNCATED(Verdict.REJECTED, 20),
  AVRO_BIT_FLIPS(Verdict.ANY, 12),
  AVRO_TRAILING(Verdict.REJECTED, 3),
  NOT_AVRO(Verdict.REJECTED, 5),
  KEY_MISMATCH(Verdict.REJECTED, 4),
  NULL_KEY(Verdict.REJECTED, 3),
  NON_UTF8_KEY(Verdict.REJECTED, 3),
  EMPTY_KEY(Verdict.REJECTED, 1),
  LONG_KEY(Verdict.REJECTED, 1),
  /** A key so long that a state with it would not fit the changelog. */
  HUGE_KEY(Verdict.REJECTED, 0),
  AUXILIARY_NOT_FINITE(Verdict.REJECTED, 4),
  AUXILIARY_COUNT(Verdict.REJECTED, 4),
  /** Millions of side features, claimed in one count or in blocks. */
  AUXILIARY_CLAIMED(Verdict.REJECTED, 3),
  BAD_TIME(Verdict.REJECTED, 5),
  BAD_SESSION(Verdict.REJECTED, 3),
  BAD_SEQUENCE(Verdict.REJECTED, 3),
  BAD_COUNT(Verdict.REJECTED, 3),
  RECORD_TIME(Verdict.REJECTED, 0),
  OVERSIZE(Verdict.REJECTED, 0);

  /** What must become of it. */
  public enum Verdict {
    LABELLED,
    REJECTED,
    /** Labelled, skipped or rejected: damage may leave a valid file. */
    ANY
  }

  private final Verdict verdict;
  private final int weight;

  Mutation(Verdict verdict, int weight) {
    this.verdict = verdict;
    this.weight = weight;
  }

  public Verdict verdict() {
    return verdict;
  }

  /** How often it is drawn; 0 are sent now and then. */
  int weight() {
    return weight;
  }
}
