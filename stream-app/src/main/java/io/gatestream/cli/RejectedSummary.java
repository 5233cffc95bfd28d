package io.gatestream.cli;

import io.gatestream.labels.RejectedRecord;
import io.gatestream.text.Terminal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rejected records counted by reason and likely cause, with some of their streams. */
final class RejectedSummary {
  private static final int NAMED_STREAMS = 4;

  private final Map<Kind, Tally> tallies = new LinkedHashMap<>();

  private record Kind(String reason, Optional<String> cause) {}

  private static final class Tally {
    private long records;
    private boolean more;
    private final Set<String> streams = new LinkedHashSet<>();
  }

  void add(RejectedRecord record) {
    Tally tally =
        tallies.computeIfAbsent(
            new Kind(record.reason(), record.likelyCause()), kind -> new Tally());
    tally.records++;
    String stream =
        record.stream().map(id -> "'" + RejectedText.cut(id, 40) + "'").orElse("(no key)");
    if (tally.streams.size() < NAMED_STREAMS) {
      tally.streams.add(stream);
    } else {
      tally.more |= !tally.streams.contains(stream);
    }
  }

  /** Most records first; a likely cause on a line of its own. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    tallies.entrySet().stream()
        .sorted(
            Comparator.comparing(
                (Map.Entry<Kind, Tally> entry) -> entry.getValue().records,
                Comparator.reverseOrder()))
        .forEach(
            entry -> {
              Tally tally = entry.getValue();
              lines.add(
                  "%d %s: of stream %s%s"
                      .formatted(
                          tally.records,
                          Terminal.printable(entry.getKey().reason),
                          String.join(", ", tally.streams),
                          tally.more ? " and others" : ""));
              entry.getKey().cause.ifPresent(cause -> lines.add("    likely cause: " + cause));
            });
    return lines.isEmpty() ? List.of("no rejected records") : lines;
  }
}
