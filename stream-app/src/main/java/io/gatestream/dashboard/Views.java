package io.gatestream.dashboard;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page gets, as JSON of the same names. Times are milliseconds since the epoch; capture
 * times unless said otherwise.
 */
final class Views {
  private Views() {}

  record Reset(String reason, long at) {}

  /**
   * A stream on the wall.
   *
   * @param labelledAt wall time at which its last label was read
   * @param delay from capture to reading in milliseconds; null while history is read
   * @param rate labels a second
   * @param labels read since the dashboard's history began
   * @param attention 0 for none, else the more the more urgent
   * @param why reasons for attention, in words
   */
  record Stream(
      String id,
      int partition,
      long session,
      long sequence,
      long captureTime,
      long labelledAt,
      @Nullable String label,
      float score,
      List<List<Object>> scores,
      List<String> active,
      @Nullable Long delay,
      double rate,
      long labels,
      long framesSinceReset,
      int resets,
      @Nullable Reset lastReset,
      long duplicates,
      long skipped,
      long rejected,
      String model,
      int attention,
      List<String> why) {}

  record Gap(long from, long to) {}

  record RejectedMark(long at, String reason, String message, int partition, long offset) {}

  record Model(String name, String version, String fingerprint) {}

  record Timeline(
      String id,
      long now,
      long from,
      long to,
      long bucketMillis,
      List<String> labels,
      List<Long> at,
      List<List<Float>> scores,
      List<Integer> best,
      List<Reset> resets,
      List<Gap> gaps,
      List<RejectedMark> rejected,
      List<Event> events,
      Stream stream,
      Model model) {}

  record Event(
      String id,
      String stream,
      String label,
      String state,
      long start,
      long end,
      long peak,
      float peakScore,
      float meanScore,
      long frames,
      @Nullable String reason,
      @Nullable String reset,
      @Nullable String continues,
      String model,
      int partition,
      @Nullable Review review) {}

  record Review(
      String id,
      String kind,
      String stream,
      String label,
      String truth,
      long start,
      long end,
      long at,
      String note) {}

  record Rejected(
      int partition,
      long offset,
      @Nullable String stream,
      long at,
      String reason,
      String message,
      @Nullable String origin,
      @Nullable Long valueBytes,
      boolean omitted,
      @Nullable String likelyCause) {}

  record Group(String id, String state, String protocol) {}

  record Instance(String id, String host, List<Integer> partitions, long lag) {}

  /**
   * A partition of the frames topic.
   *
   * @param standsStill milliseconds for which nothing was committed though records wait
   */
  record Partition(
      int partition,
      long end,
      long committed,
      long lag,
      @Nullable String owner,
      long standsStill) {}

  record Rates(double labelled, double duplicates, double skipped, double rejected) {}

  record Totals(long streams, long labels, long events, long rejected) {}

  record Reason(String reason, long count, @Nullable String likelyCause) {}

  record Change(long at, String text) {}

  record Overview(
      Group group,
      List<Instance> instances,
      List<Partition> partitions,
      Rates rates,
      Totals totals,
      List<Reason> rejectedReasons,
      List<Change> changes,
      @Nullable String error) {}
}
