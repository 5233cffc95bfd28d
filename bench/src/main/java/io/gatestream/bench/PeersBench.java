package io.gatestream.bench;

import io.gatestream.config.RunConfig;
import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import io.gatestream.ingest.PictureSize;
import io.gatestream.model.BundleReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Measures the rows of the table of peers, each on a broker of its own. Used by one thread. */
final class PeersBench {
  private static final int STREAMS = 16;

  private final PeersOptions options;
  private final PeerSettings settings;
  private final Path folder;
  private final Function<Map<String, String>, RunConfig> configs;
  private final Pictures pictures;

  /** Makes frames of a size. */
  interface Pictures {
    BenchFrames of(PictureSize size) throws InterruptedException;
  }

  /**
   * Prepares it.
   *
   * @param folder an empty one, for data, states and output
   * @param configs makes an application's settings from flags, on top of what the user gave
   */
  PeersBench(
      PeersOptions options,
      PeerSettings settings,
      Path folder,
      Function<Map<String, String>, RunConfig> configs,
      Pictures pictures) {
    this.options = options;
    this.settings = settings;
    this.folder = folder;
    this.configs = configs;
    this.pictures = pictures;
  }

  /** Measures what was asked for. What cannot be measured is said before anything is. */
  PeersReport run(BenchListener listener) throws InterruptedException {
    List<PeerRow> rows = options.rows();
    rows.forEach(options::rivals);
    MachineCpu.busyNanos();
    for (PeerRow row : rows) {
      BundleReader.load(config(row, Map.of("bootstrap.servers", "127.0.0.1:1")).model());
    }
    PeerPrograms programs = PeerPrograms.prepare(folder);
    for (PeerRow row : rows) {
      programs.requireServable(
          config(row, Map.of("bootstrap.servers", "127.0.0.1:1")).model(), folder);
    }
    List<PeerRowResult> results = new ArrayList<>();
    for (PeerRow row : rows) {
      results.add(run(row, programs, listener));
    }
    return new PeersReport(
        Instant.now(),
        "%d cores of %s".formatted(Runtime.getRuntime().availableProcessors(), MachineCpu.name()),
        settings.turns(),
        settings.warmUp(),
        settings.seconds(),
        results,
        options.notMeasured());
  }

  private PeerRowResult run(PeerRow row, PeerPrograms programs, BenchListener listener)
      throws InterruptedException {
    Path own = folder.resolve(row.title());
    try {
      Files.createDirectories(own);
    } catch (IOException e) {
      throw new OutageException("%s cannot be made: %s".formatted(own, IoReason.of(e)), e);
    }
    BenchSettings bench =
        new BenchSettings(
            Optional.empty(),
            STREAMS,
            settings.seconds(),
            Math.max(BenchSettings.FEWEST_REPETITIONS, settings.turns()),
            own);
    BenchFrames frames = pictures.of(row.size());
    try (TestBed bed = new TestBed(bench, flags -> config(row, flags), frames)) {
      return new PeerRowRun(bed, programs, row, options.rivals(row), settings).run(listener);
    }
  }

  private RunConfig config(PeerRow row, Map<String, String> flags) {
    Map<String, String> all = new HashMap<>(flags);
    if (row == PeerRow.LARGE) {
      options.large.ifPresent(bundle -> all.put("model", bundle.toString()));
    }
    return configs.apply(all);
  }
}
