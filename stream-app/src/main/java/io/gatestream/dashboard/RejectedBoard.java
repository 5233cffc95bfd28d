package io.gatestream.dashboard;

import io.gatestream.labels.RejectedRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Rejected records, the newest {@value #MOST_RECORDS}, and their number by reason. Thread-safe. */
final class RejectedBoard {
  private static final int MOST_RECORDS = 5_000;

  private final LongSupplier clock;
  private final Deque<RejectedRecord> records = new ArrayDeque<>();
  private final Map<String, Views.Reason> reasons = new TreeMap<>();
  private final RateMeter rate = new RateMeter();
  private long count;

  RejectedBoard(LongSupplier clock) {
    this.clock = clock;
  }

  /** Takes records; {@code live} as in {@link StreamBoard#add}. */
  synchronized void add(List<RejectedRecord> read, boolean live) {
    for (RejectedRecord record : read) {
      records.addLast(record);
      if (records.size() > MOST_RECORDS) {
        records.removeFirst();
      }
      reasons.merge(
          record.reason(),
          new Views.Reason(record.reason(), 1, record.likelyCause().orElse(null)),
          (known, one) ->
              new Views.Reason(
                  known.reason(),
                  known.count() + 1,
                  one.likelyCause() == null ? known.likelyCause() : one.likelyCause()));
      count++;
    }
    if (live) {
      rate.add(clock.getAsLong(), read.size());
    }
  }

  /** Forgets all: the topic is read again. */
  synchronized void clear() {
    records.clear();
    reasons.clear();
    count = 0;
  }

  /** The newest, newest first; of streams whose id has {@code stream} in it. */
  synchronized List<Views.Rejected> newest(String stream, int limit) {
    String part = stream.toLowerCase(Locale.ROOT);
    List<Views.Rejected> found = new ArrayList<>();
    Iterator<RejectedRecord> newestFirst = records.descendingIterator();
    while (newestFirst.hasNext() && found.size() < limit) {
      RejectedRecord record = newestFirst.next();
      if (part.isEmpty()
          || record.stream().filter(id -> id.toLowerCase(Locale.ROOT).contains(part)).isPresent()) {
        found.add(view(record));
      }
    }
    return found;
  }

  private static Views.Rejected view(RejectedRecord record) {
    return new Views.Rejected(
        record.partition(),
        record.offset(),
        record.stream().orElse(null),
        record.timestamp(),
        record.reason(),
        record.message(),
        record.origin().orElse(null),
        record.valueBytes().isPresent() ? record.valueBytes().getAsLong() : null,
        record.omitted(),
        record.likelyCause().orElse(null));
  }

  /** Of one stream, oldest first. */
  synchronized List<Views.RejectedMark> of(String stream) {
    return records.stream()
        .filter(record -> record.stream().filter(stream::equals).isPresent())
        .map(
            record ->
                new Views.RejectedMark(
                    record.timestamp(),
                    record.reason(),
                    record.message(),
                    record.partition(),
                    record.offset()))
        .toList();
  }

  synchronized List<Views.Reason> reasons() {
    return List.copyOf(reasons.values());
  }

  synchronized double perSecond() {
    return rate.perSecond(clock.getAsLong());
  }

  synchronized long count() {
    return count;
  }
}
