package io.gatestream.lookahead;

import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The decoded and encoded pictures of one record: their times, and the features of those that were
 * wanted. Immutable.
 */
public final class EncodedRecord {
  private static final BitSet NONE = new BitSet();

  private final long[] captureTimes;
  private final long[] sourceTimes;
  private final float[] @Nullable [] features;

  /**
   * Creates it; the arrays are kept, not copied.
   *
   * @param features null where a picture was not wanted
   */
  public EncodedRecord(long[] captureTimes, long[] sourceTimes, float[] @Nullable [] features) {
    this.captureTimes = captureTimes;
    this.sourceTimes = sourceTimes;
    this.features = features;
  }

  /** Pictures in the record. */
  int count() {
    return captureTimes.length;
  }

  /** Microseconds since the epoch. */
  public long captureTime(int picture) {
    return captureTimes[picture];
  }

  /** Microseconds since the source's start. */
  public long sourceTime(int picture) {
    return sourceTimes[picture];
  }

  /** The features of a picture, the array itself; empty where it was not wanted. */
  public Optional<float[]> features(int picture) {
    return Optional.ofNullable(features[picture]);
  }

  /** The pictures that are wanted and have no features; not to be changed. */
  BitSet missing(PictureFilter wanted) {
    BitSet missing = NONE;
    for (int i = 0; i < captureTimes.length; i++) {
      if (wanted.wants(i, captureTimes[i]) && features[i] == null) {
        missing = missing.isEmpty() ? new BitSet() : missing;
        missing.set(i);
      }
    }
    return missing;
  }

  /** This record with the features of another decoding of it where it has none. */
  EncodedRecord orElse(EncodedRecord other) {
    float[][] all = features.clone();
    for (int i = 0; i < all.length; i++) {
      all[i] = all[i] == null ? other.features[i] : all[i];
    }
    return new EncodedRecord(captureTimes, sourceTimes, all);
  }
}
