package io.gatestream.stream;

import io.gatestream.errors.ConfigException;
import io.gatestream.stream.steps.StepsAhead;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an instance may take of memory, added up from its settings before anything is allocated.
 * docs/memory.md explains each part.
 *
 * @param limits of this process
 * @param needs that it was made for
 * @param parts what fills them, in the order in which they are told
 */
record MemoryPlan(MemoryLimits limits, Needs needs, List<Part> parts) {
  private static final long MIB = 1L << 20;
  private static final String DIRECT_SETTING =
      "GATESTREAM_DIRECT (without the launcher: -XX:MaxDirectMemorySize)";
  private static final String HEAP_SETTING = "GATESTREAM_HEAP (without the launcher: -Xmx)";

  /** Where a part lies. */
  enum Place {
    /** In the Java heap, GATESTREAM_HEAP. */
    HEAP,
    /** In direct buffers, GATESTREAM_DIRECT. */
    DIRECT,
    /** Outside both: bounded by the part's own settings. */
    NATIVE
  }

  /**
   * A part.
   *
   * @param needed bytes that it takes in any case
   * @param bytes at most
   * @param settings that decide it
   */
  record Part(Place place, String name, long needed, long bytes, String settings) {
    Part(Place place, String name, long bytes, String settings) {
      this(place, name, bytes, bytes, settings);
    }

    String text() {
      return "%s %s (%s)".formatted(name, mib(bytes), settings);
    }

    String neededText() {
      return "%s %s (%s)".formatted(name, mib(needed), settings);
    }
  }

  MemoryPlan {
    parts = List.copyOf(parts);
  }

  /** The numbers that decide the plan. */
  record Needs(
      int streamThreads,
      int workers,
      int pixelSlots,
      int pictureBytes,
      int callers,
      int batch,
      int featureFloats,
      long stepBytes,
      int stepBatch,
      long modelBytes,
      long fetchBytes,
      long recordBytes,
      long storeCacheBytes,
      long hotStateBytes,
      long rocksDbBytes,
      long largestPixels) {}

  static MemoryPlan of(MemoryLimits limits, Needs needs) {
    long threads = needs.streamThreads();
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(Place.HEAP, "record caches", needs.storeCacheBytes(), "store.cache.bytes"));
    parts.add(new Part(Place.HEAP, "hot states", needs.hotStateBytes(), "hot.state.bytes"));
    if (needs.stepBatch() > 1) {
      parts.add(
          new Part(
              Place.HEAP,
              "steps ahead",
              threads
                  * Math.max(StepsAhead.NOTED_BYTES, 2L * needs.stepBatch() * needs.stepBytes()),
              "%d stream.threads, step.batch %d".formatted(threads, needs.stepBatch())));
    }
    parts.add(
        new Part(
            Place.HEAP,
            "fetched records",
            needs.fetchBytes(),
            threads * needs.fetchBytes(),
            "%d stream.threads x fetch.bytes".formatted(threads)));
    parts.add(
        new Part(
            Place.DIRECT,
            "pixels",
            (long) needs.pixelSlots() * needs.pictureBytes(),
            "%d pixel.slots of %d bytes".formatted(needs.pixelSlots(), needs.pictureBytes())));
    if (needs.batch() > 1) {
      parts.add(
          new Part(
              Place.DIRECT,
              "batches",
              (long) needs.callers() * needs.batch() * needs.pictureBytes(),
              "%d encoder.callers x encoder.batch %d".formatted(needs.callers(), needs.batch())));
    }
    // each caller may keep a tensor of each batch size, 1, 2, 4 ... the largest, and 3
    long stepRows = needs.stepBatch() == 1 ? 1 : 2L * needs.stepBatch() + 2;
    long features = 2L * needs.batch() * needs.featureFloats() * Float.BYTES;
    parts.add(
        new Part(
            Place.DIRECT,
            "tensors",
            needs.callers() * features + threads * stepRows * needs.stepBytes(),
            "the model's features, states and logits"));
    parts.add(
        new Part(
            Place.DIRECT,
            "network",
            needs.fetchBytes() + needs.recordBytes(),
            threads * (needs.fetchBytes() + needs.recordBytes()),
            "%d stream.threads x (fetch.bytes + max.record.bytes)".formatted(threads)));
    parts.add(new Part(Place.NATIVE, "RocksDB", needs.rocksDbBytes(), "rocksdb.bytes"));
    parts.add(
        new Part(
            Place.NATIVE,
            "decoders",
            0,
            (needs.workers() + threads) * (2 * 3 * needs.largestPixels() + needs.recordBytes()),
            "%d workers and stream.threads, only where frames are as large as max.pixels allows"
                .formatted(needs.workers() + threads)));
    parts.add(
        new Part(
            Place.NATIVE,
            "weights",
            needs.modelBytes(),
            "the model's files; what ONNX Runtime needs for activations comes on top and is not"
                + " known before it runs"));
    return new MemoryPlan(limits, needs, parts);
  }

  long bytes(Place place) {
    return parts.stream().filter(part -> part.place() == place).mapToLong(Part::bytes).sum();
  }

  /**
   * Checks that what is needed of direct buffers and heap fits there, and all of it into the
   * machine.
   *
   * @return a warning for each of heap and direct buffers that is too small for the most that may
   *     be taken: threads seldom fetch as much as they may at the same time
   * @throws ConfigException it does not fit; names the settings
   */
  List<String> check() {
    List<String> problems = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    if ((long) needs.batch() * needs.pictureBytes() > Integer.MAX_VALUE) {
      problems.add(
          "encoder.batch is %d and a picture takes %d bytes: a batch may take 2 GiB, give a smaller one"
              .formatted(needs.batch(), needs.pictureBytes()));
    }
    limits
        .direct()
        .ifPresent(
            limit ->
                check(Place.DIRECT, "direct memory", limit, DIRECT_SETTING, problems, warnings));
    check(Place.HEAP, "the Java heap", limits.heap(), HEAP_SETTING, problems, warnings);
    if (problems.isEmpty()) {
      limits.machine().ifPresent(machine -> checkMachine(machine, problems));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return warnings;
  }

  private void check(
      Place place,
      String where,
      long limit,
      String setting,
      List<String> problems,
      List<String> warnings) {
    long needed = needed(parts.stream().filter(part -> part.place() == place));
    if (needed > limit) {
      problems.add(problem(place, where + " must hold " + mib(needed), limit, setting));
    } else if (bytes(place) > limit) {
      warnings.add(
          problem(place, where + " may have to hold " + mib(bytes(place)), limit, setting));
    }
  }

  private void checkMachine(long machine, List<String> problems) {
    long needed = needed(parts.stream());
    if (needed > machine) {
      problems.add(
          "this machine or container has %s of memory, and %s are needed: %s; give it more, or lower these settings"
              .formatted(mib(machine), mib(needed), largest(parts.stream(), Part::neededText)));
    }
  }

  private static long needed(Stream<Part> some) {
    return some.mapToLong(Part::needed).sum();
  }

  /** What to say where direct memory ends while the model is opened. */
  static ConfigException usedUp(OutOfMemoryError e) {
    return new ConfigException(
        "direct memory is used up while the model is opened and calibrated (%s): set %s to more, or give encoder.batch and encoder.callers that are smaller"
            .formatted(e.getMessage(), DIRECT_SETTING),
        e);
  }

  private String problem(Place place, String what, long limit, String setting) {
    String largest = largest(parts.stream().filter(part -> part.place() == place), Part::text);
    // room for what is not planned
    long wanted = roundUp(bytes(place) + bytes(place) / 8);
    return "%s and its limit is %s: %s; set %s to %dm or more, or lower these settings"
        .formatted(what, mib(limit), largest, setting, wanted);
  }

  private static String largest(Stream<Part> some, Function<Part, String> text) {
    return some.filter(part -> part.bytes() >= MIB).map(text).collect(Collectors.joining(", "));
  }

  private static long roundUp(long bytes) {
    return (bytes + 64 * MIB - 1) / (64 * MIB) * 64;
  }

  /** One line for each place and limit. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line(Place.HEAP, "heap of " + mib(limits.heap())));
    lines.add(
        line(
            Place.DIRECT,
            "direct memory "
                + (limits.direct().isPresent()
                    ? "of " + mib(limits.direct().getAsLong())
                    : "without a limit of its own")));
    lines.add(line(Place.NATIVE, "outside both"));
    limits.machine().ifPresent(bytes -> lines.add("machine or container: " + mib(bytes)));
    lines.add(
        "JavaCPP's own limits: maxBytes %s, maxPhysicalBytes %s"
            .formatted(ownLimit(limits.javaCpp()), ownLimit(limits.javaCppPhysical())));
    return lines;
  }

  private String line(Place place, String where) {
    return "%s, planned %s: %s"
        .formatted(
            where,
            mib(bytes(place)),
            parts.stream()
                .filter(part -> part.place() == place)
                .map(Part::text)
                .collect(Collectors.joining(", ")));
  }

  private static String ownLimit(long bytes) {
    return bytes <= 0 ? "off" : mib(bytes);
  }

  private static String mib(long bytes) {
    return bytes < 10 * MIB
        ? String.format(Locale.ROOT, "%.1f MiB", bytes / (double) MIB)
        : (bytes + MIB / 2) / MIB + " MiB";
  }
}
