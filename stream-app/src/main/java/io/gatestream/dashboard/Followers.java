package io.gatestream.dashboard;

import io.gatestream.labels.ReadEvent;
import io.gatestream.labels.ReadLabel;
import io.gatestream.labels.ReadReview;
import io.gatestream.labels.RejectedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What follows the topics, each on a thread of its own. */
final class Followers implements AutoCloseable {
  private final Follower<ReadLabel> labels;
  private final Follower<ReadEvent> events;
  private final Follower<RejectedRecord> rejected;
  private final Follower<ReadReview> reviews;

  private Followers(
      Follower<ReadLabel> labels,
      Follower<ReadEvent> events,
      Follower<RejectedRecord> rejected,
      Follower<ReadReview> reviews) {
    this.labels = labels;
    this.events = events;
    this.rejected = rejected;
    this.reviews = reviews;
  }

  static Followers start(
      DashboardSettings settings, StreamBoard streams, EventBoard events, RejectedBoard rejected) {
    Sources sources = new Sources(settings);
    return new Followers(
        Follower.start(settings.topics().labels(), sources.labels(), streams::add, streams::clear),
        Follower.start(
            settings.topics().events(),
            sources.events(),
            (read, live) -> events.add(read),
            () -> {}), // what comes again is the same event
        Follower.start(
            settings.topics().rejected(), sources.rejected(), rejected::add, rejected::clear),
        Follower.start(
            settings.reviews(),
            sources.reviews(),
            (read, live) -> read.forEach(one -> events.review(one.id(), one.review())),
            events::clearReviews));
  }

  /** Whether there is no topic of events, as far as is known. */
  boolean eventsAreMissing() {
    return events.isMissing();
  }

  /** Why topics are not read, but for those that need not be there. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    Stream.of(labels, rejected).forEach(one -> one.problem().ifPresent(problems::add));
    // not every bundle has rules, and the topic of reviews is made with the first one
    Stream.of(events, reviews)
        .filter(one -> !one.isMissing())
        .forEach(one -> one.problem().ifPresent(problems::add));
    return problems;
  }

  @Override
  public void close() {
    Stream.of(labels, events, rejected, reviews).forEach(Follower::close);
  }
}
