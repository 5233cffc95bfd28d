package io.gatestream.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.gatestream.frame.Micros;
import io.gatestream.schema.Review;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reviews as the truth file that {@code evaluate} and training read: of each stream what was right,
 * what it really was, and what was missed. What was wrong is not there.
 */
final class TruthFile {
  private TruthFile() {}

  /** A line of the file. */
  record Line(String stream, String start, String end, String label) {}

  /**
   * The file's text.
   *
   * @param seen sessions of a stream that are known besides those of the reviews, microseconds
   */
  static String of(List<Review> reviews, Function<String, List<Long>> seen) {
    Map<String, NavigableSet<Long>> sessions = new TreeMap<>();
    for (Review review : reviews) {
      sessions
          .computeIfAbsent(review.getStreamId(), stream -> new TreeSet<>(seen.apply(stream)))
          .add(Micros.of(review.getSession()));
    }
    List<Line> lines =
        reviews.stream()
            .filter(review -> !review.getTruth().isEmpty())
            .sorted(
                Comparator.comparing(Review::getStreamId)
                    .thenComparing(Review::getSession)
                    .thenComparing(Review::getStartSourceTime))
            .map(
                review ->
                    new Line(
                        stream(
                            review, sessions.getOrDefault(review.getStreamId(), new TreeSet<>())),
                        seconds(review.getStartSourceTime()),
                        seconds(review.getEndSourceTime() + 1), // the last frame belongs to it
                        review.getTruth()))
            .toList();
    CsvMapper mapper = new CsvMapper();
    CsvSchema schema =
        CsvSchema.builder()
            .addColumn("stream")
            .addColumn("start")
            .addColumn("end")
            .addColumn("label")
            .build()
            .withHeader();
    try {
      return mapper.writer(schema).writeValueAsString(lines);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@code evaluate} calls a stream's sessions: the second one is {@code cam#2}. */
  private static String stream(Review review, NavigableSet<Long> sessions) {
    int number = sessions.headSet(Micros.of(review.getSession()), true).size();
    return number <= 1 ? review.getStreamId() : review.getStreamId() + "#" + number;
  }

  private static String seconds(long micros) {
    return BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString();
  }
}
