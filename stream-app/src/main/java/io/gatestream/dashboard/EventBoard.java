package io.gatestream.dashboard;

import io.gatestream.frame.Micros;
import io.gatestream.labels.ReadEvent;
import io.gatestream.schema.EventPhase;
import io.gatestream.schema.LabelEvent;
import io.gatestream.schema.Reset;
import io.gatestream.schema.Review;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Events, each with its last record, and what people said of them. Any thread may add and look.
 * Bounded: of more than {@value #MOST_EVENTS} events the one that came first goes.
 */
final class EventBoard {
  private static final int MOST_EVENTS = 20_000;

  /** Told to a browser at first; it asks for the rest as a list. */
  private static final int FIRST_CHANGES = 50;

  private static final int MOST_CHANGES = 500;

  /** In the order in which they came. */
  private final Map<String, Entry> events = new LinkedHashMap<>();

  private final Map<String, Set<String>> byStream = new HashMap<>();
  private final Map<String, Review> reviews = new HashMap<>();
  private final Set<String> labels = new TreeSet<>();
  private final TreeMap<Long, String> byVersion = new TreeMap<>();
  private long version;
  private long told;

  private static final class Entry {
    private final int partition;
    private LabelEvent event;
    private long version;

    private Entry(int partition, LabelEvent event) {
      this.partition = partition;
      this.event = event;
    }
  }

  synchronized void add(Collection<ReadEvent> read) {
    for (ReadEvent record : read) {
      LabelEvent event = record.event();
      Entry entry = events.get(event.getEventId());
      if (entry == null) {
        entry = new Entry(record.partition(), event);
        events.put(event.getEventId(), entry);
        byStream
            .computeIfAbsent(event.getStreamId(), id -> new TreeSet<>())
            .add(event.getEventId());
        told++;
        dropTheOldest();
      }
      entry.event = event;
      labels.add(event.getLabel());
      changed(event.getEventId(), entry);
    }
  }

  private void changed(String id, Entry entry) {
    byVersion.remove(entry.version);
    entry.version = ++version;
    byVersion.put(version, id);
  }

  private void dropTheOldest() {
    if (events.size() > MOST_EVENTS) {
      Map.Entry<String, Entry> oldest = events.entrySet().iterator().next();
      events.remove(oldest.getKey());
      byVersion.remove(oldest.getValue().version);
      Set<String> ofStream = byStream.get(oldest.getValue().event.getStreamId());
      if (ofStream != null && ofStream.remove(oldest.getKey()) && ofStream.isEmpty()) {
        byStream.remove(oldest.getValue().event.getStreamId());
      }
    }
  }

  /** Takes what the topic of reviews says; an empty one takes it back. */
  synchronized void review(String id, Optional<Review> review) {
    review.ifPresentOrElse(said -> reviews.put(id, said), () -> reviews.remove(id));
    Entry entry = events.get(id);
    if (entry != null) {
      changed(id, entry);
    }
  }

  /** Forgets all reviews: their topic is read again. */
  synchronized void clearReviews() {
    for (String id : List.copyOf(reviews.keySet())) {
      review(id, Optional.empty());
    }
  }

  /** Which events are asked for; empty or null texts ask for all. */
  record Filter(String stream, String label, long from, long to, String review) {
    static final Filter ALL = new Filter("", "", Long.MIN_VALUE, Long.MAX_VALUE, "");
  }

  /**
   * Events, newest first.
   *
   * @param next to ask for the next ones, empty at the end
   */
  record Found(List<Views.Event> events, Optional<String> next) {}

  /** The newest events by their start, after those before a cursor. */
  synchronized Found find(Filter filter, Optional<Cursor> before, int limit) {
    String stream = filter.stream().toLowerCase(Locale.ROOT);
    Predicate<Views.Event> wanted =
        event ->
            event.stream().toLowerCase(Locale.ROOT).contains(stream)
                && (filter.label().isEmpty() || filter.label().equals(event.label()))
                && event.end() >= filter.from()
                && event.start() <= filter.to()
                && reviewed(event, filter.review())
                && before.map(cursor -> cursor.isBefore(event)).orElse(true);
    List<Views.Event> found =
        events.values().stream()
            .map(this::view)
            .filter(wanted)
            .sorted(Cursor.NEWEST_FIRST)
            .limit(limit + 1L)
            .toList();
    boolean more = found.size() > limit;
    List<Views.Event> page = more ? found.subList(0, limit) : found;
    return new Found(
        page, more ? Optional.of(Cursor.of(page.get(limit - 1)).text()) : Optional.empty());
  }

  private static boolean reviewed(Views.Event event, String wanted) {
    Views.Review review = event.review();
    return wanted.isEmpty()
        || (review == null ? wanted.equals("none") : wanted.equalsIgnoreCase(review.kind()));
  }

  /** Where a list of events went on, newest first. */
  record Cursor(long start, String id) {
    static final Comparator<Views.Event> NEWEST_FIRST =
        Comparator.comparingLong(Views.Event::start).thenComparing(Views.Event::id).reversed();

    static Cursor of(Views.Event event) {
      return new Cursor(event.start(), event.id());
    }

    /** Reads what {@link #text} wrote; empty for anything else. */
    static Optional<Cursor> parse(String text) {
      int at = text.indexOf('.');
      try {
        return at < 0
            ? Optional.empty()
            : Optional.of(
                new Cursor(Long.parseLong(text.substring(0, at)), text.substring(at + 1)));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    String text() {
      return start + "." + id;
    }

    private boolean isBefore(Views.Event event) {
      return event.start() < start || (event.start() == start && event.id().compareTo(id) < 0);
    }
  }

  /** Changed after a version, oldest change first; the last ones where there are many. */
  synchronized Changes since(long known) {
    int most = known < 0 || known > version ? FIRST_CHANGES : MOST_CHANGES;
    List<String> newestFirst =
        byVersion.tailMap(known > version ? -1 : known, false).descendingMap().values().stream()
            .limit(most)
            .toList();
    List<Views.Event> changed = views(newestFirst);
    Collections.reverse(changed);
    return new Changes(version, changed);
  }

  /** Events and the version to ask from next time. */
  record Changes(long version, List<Views.Event> events) {}

  /** A stream's events that ended at or after a time, oldest first. */
  synchronized List<Views.Event> of(String stream, long from) {
    return views(byStream.getOrDefault(stream, Set.of())).stream()
        .filter(event -> event.end() >= from)
        .sorted(Cursor.NEWEST_FIRST.reversed())
        .toList();
  }

  private List<Views.Event> views(Collection<String> ids) {
    List<Views.Event> views = new ArrayList<>();
    for (String id : ids) {
      Entry entry = events.get(id);
      if (entry != null) {
        views.add(view(entry));
      }
    }
    return views;
  }

  /** The last record of an event. */
  synchronized Optional<LabelEvent> event(String id) {
    Entry entry = events.get(id);
    return entry == null ? Optional.empty() : Optional.of(entry.event);
  }

  /** The partition of an event's records. */
  synchronized Optional<Integer> partition(String id) {
    Entry entry = events.get(id);
    return entry == null ? Optional.empty() : Optional.of(entry.partition);
  }

  /** All reviews, newest first. */
  synchronized List<Review> reviews() {
    return reviews.values().stream()
        .sorted(Comparator.comparing(Review::getReviewTime).reversed())
        .toList();
  }

  /** The same with the ends of events that went on after they were reviewed. */
  synchronized List<Review> reviewsOfWhole() {
    return reviews().stream()
        .map(
            review -> {
              Entry entry = events.get(review.getReviewId());
              return entry == null
                  ? review
                  : Review.newBuilder(review)
                      .setEndCaptureTime(entry.event.getEndCaptureTime())
                      .setEndSourceTime(entry.event.getEndSourceTime())
                      .build();
            })
        .toList();
  }

  synchronized Optional<Review> reviewOf(String id) {
    return Optional.ofNullable(reviews.get(id));
  }

  synchronized List<String> labels() {
    return List.copyOf(labels);
  }

  /** Events that began. */
  synchronized long told() {
    return told;
  }

  private Views.Event view(Entry entry) {
    LabelEvent event = entry.event;
    boolean ended = event.getPhase() == EventPhase.END;
    Review review = reviews.get(event.getEventId());
    return new Views.Event(
        event.getEventId(),
        event.getStreamId(),
        event.getLabel(),
        ended ? "ended" : "open",
        millis(event.getStartCaptureTime()),
        millis(event.getEndCaptureTime()),
        millis(event.getPeakCaptureTime()),
        event.getPeakScore(),
        event.getMeanScore(),
        event.getFrames(),
        ended ? event.getReason().name() : null,
        event.getReset() == Reset.NONE ? null : event.getReset().name(),
        event.getContinues().isEmpty() ? null : event.getContinues(),
        event.getModel().getName() + " " + event.getModel().getVersion(),
        entry.partition,
        review == null ? null : view(review));
  }

  static Views.Review view(Review review) {
    return new Views.Review(
        review.getReviewId(),
        review.getKind().name(),
        review.getStreamId(),
        review.getLabel(),
        review.getTruth(),
        millis(review.getStartCaptureTime()),
        millis(review.getEndCaptureTime()),
        millis(review.getReviewTime()),
        review.getNote());
  }

  private static long millis(Instant time) {
    return StreamCard.millis(Micros.of(time));
  }
}
