package io.gatestream.bench;

import io.gatestream.model.ComputePlan;
import java.util.List;
import java.util.Optional;

/**
 * All that one run of {@code bench} measured.
 *
 * @param overload the delay at more than the machine can take, with overload=latest
 */
public record BenchReport(
    Setup setup,
    List<StageFigure> stages,
    Rates rates,
    List<Delay> delays,
    Delay overload,
    Meaning meaning) {

  /**
   * What was measured.
   *
   * @param plan callers, threads, batch and workers of the application end to end
   * @param frameBytes mean of one JPEG
   */
  public record Setup(
      String model,
      String provider,
      ComputePlan plan,
      int cores,
      int streams,
      int partitions,
      int pictures,
      double frameBytes,
      double seconds,
      int repetitions,
      boolean ownBroker) {}

  /**
   * Frames a second, measured in turns.
   *
   * @param raw the best loop without Kafka
   * @param rawWay which that is
   * @param endToEnd from a topic that is full before the application starts
   * @param naive decoding, encoding and step one after the other in the processor, one stream
   *     thread, one encoder call on all cores
   * @param naivePerCore the same with a stream thread for each core, each call on one core
   * @param rawCpuMicros processor time of this process for each frame of the raw loop
   * @param endToEndCpuMicros the same of the application, the broker not included
   * @param brokerShare of all cores that the broker used meanwhile; empty for the user's brokers
   */
  public record Rates(
      Figure raw,
      String rawWay,
      Figure endToEnd,
      Figure naive,
      Figure naivePerCore,
      Figure rawCpuMicros,
      Figure endToEndCpuMicros,
      Optional<Figure> brokerShare) {
    public Figure toRaw() {
      return endToEnd.over(raw);
    }

    /** As if the broker's share of the cores were the application's too. */
    public Optional<Figure> toRawNet() {
      return brokerShare.map(share -> toRaw().over(share.map(used -> 1 - used)));
    }

    /** By processor time for each frame, which other processes on the machine take less part in. */
    public Figure toRawByCpu() {
      return rawCpuMicros.over(endToEndCpuMicros);
    }

    public Figure toNaive() {
      return endToEnd.over(naive);
    }

    public Figure toNaivePerCore() {
      return endToEnd.over(naivePerCore);
    }
  }

  /**
   * What the figures mean for cameras.
   *
   * @param frameRate of one camera, frames a second
   * @param cameras that this machine keeps up with
   * @param partitions to create the topic with
   * @param residentBytes of this process, the bench's own frames included; empty where the system
   *     does not tell
   * @param topicBytes of frames a second
   * @param labelBytes written a second
   * @param changelogBytes written a second
   */
  public record Meaning(
      double frameRate,
      int cameras,
      int partitions,
      int streamThreads,
      Optional<Long> residentBytes,
      double topicBytes,
      Optional<Double> labelBytes,
      Optional<Double> changelogBytes) {}
}
