package io.gatestream.dashboard;

import io.gatestream.config.KafkaAccess;
import io.gatestream.config.Topics;
import io.gatestream.errors.ConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a dashboard shows, and where.
 *
 * @param reviews topic of reviews
 * @param application id of the application whose group is watched
 * @param history how far back timelines and lists go
 * @param picturesPerSecond frames read for pictures, over all browsers
 * @param token without which nothing is shown; empty on loopback only
 */
public record DashboardSettings(
    KafkaAccess access,
    Topics topics,
    String reviews,
    String application,
    String host,
    int port,
    Optional<String> token,
    Duration history,
    int picturesPerSecond) {
  /** Where reviews go if nothing else is said. */
  public static final String REVIEWS = "reviews";

  /** This machine's own address, which others do not reach. */
  public static final String HOST = "127.0.0.1";

  private static final Duration LONGEST = Duration.ofHours(24);
  private static final int MOST_PICTURES = 1_000;
  private static final int MOST_PORT = 65_535;
  private static final int LEAST_TOKEN = 8;

  public DashboardSettings {
    List<String> problems = new ArrayList<>();
    if (history.toSeconds() < 10 || history.compareTo(LONGEST) > 0) {
      problems.add("--history is %d s: give 10s to 24h".formatted(history.toSeconds()));
    }
    if (port < 0 || port > MOST_PORT) {
      problems.add("--port is %d: give 0 to %d".formatted(port, MOST_PORT));
    }
    if (picturesPerSecond < 0 || picturesPerSecond > MOST_PICTURES) {
      problems.add("--pictures is %d: give 0 to %d".formatted(picturesPerSecond, MOST_PICTURES));
    }
    if (token.filter(text -> text.length() < LEAST_TOKEN).isPresent()) {
      problems.add("the token is shorter than %d characters".formatted(LEAST_TOKEN));
    }
    if (List.of(topics.frames(), topics.labels(), topics.rejected(), topics.events())
        .contains(reviews)) {
      problems.add(
          "reviews go to '%s', which is another topic: name one of its own".formatted(reviews));
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }
}
