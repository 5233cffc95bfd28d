package io.gatestream.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What was wrong with one source: places that did not decode and times that jumped. A file's damage
 * is passed over, said once and counted, or ends the file where that is asked for. For one thread;
 * the report is read after that thread ended.
 */
final class Damage {
  private final boolean strict;
  private final Consumer<String> warnings;
  private long places;
  private long joins;
  private long wildTimes;

  /**
   * None so far.
   *
   * @param strict whether the first damage ends a file
   */
  Damage(boolean strict, Consumer<String> warnings) {
    this.strict = strict;
    this.warnings = warnings;
  }

  boolean strict() {
    return strict;
  }

  /** For a source of which every picture must decode. */
  static Damage refused() {
    return new Damage(true, text -> {});
  }

  /**
   * A packet or a picture of a file does not decode and is left out.
   *
   * @throws SourceException damage is not passed over
   */
  void found(Location location, long micros, String words) throws SourceException {
    String where = String.format(Locale.ROOT, "after %.2f s: %s", Math.max(0, micros) / 1e6, words);
    if (strict) {
      throw new SourceException(location + " is damaged " + where);
    }
    if (places++ == 0) {
      warnings.accept(
          "is damaged "
              + where
              + "; going on without what does not decode (--strict makes it an error)");
    }
  }

  /** A packet or a picture of a camera did not decode: cameras are never ended for it. */
  void passedOver() {
    if (places++ == 0) {
      warnings.accept(
          "sends damaged packets: they, and pictures that refer to them, are left out; the summary counts them");
    }
  }

  /** Times jumped back and went on from there. */
  void joined(long micros) {
    if (joins++ == 0) {
      warnings.accept(
          String.format(
              Locale.ROOT,
              "has times that jump back after %.2f s, as joined recordings do: they go on without a gap",
              micros / 1e6));
    }
  }

  /** A single time fitted neither its neighbours before nor those behind it. */
  void wildTime() {
    wildTimes++;
  }

  /** Packets and pictures that were left out. */
  long places() {
    return places;
  }

  /** One sentence for each kind of damage. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    if (places > 0) {
      sentences.add("%d damaged packets or pictures left out".formatted(places));
    }
    if (joins > 0) {
      sentences.add("times jumped back %d times and were carried on".formatted(joins));
    }
    if (wildTimes > 0) {
      sentences.add("%d frames with a time of another place were put in line".formatted(wildTimes));
    }
    return sentences;
  }
}
