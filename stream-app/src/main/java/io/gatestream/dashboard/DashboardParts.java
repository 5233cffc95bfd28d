package io.gatestream.dashboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the pages answer from. Thread-safe, as its parts are. */
record DashboardParts(
    DashboardSettings settings,
    String version,
    StreamBoard streams,
    EventBoard events,
    RejectedBoard rejected,
    GroupWatch group,
    PictureDesk pictures,
    ClipDesk clips,
    ReviewDesk reviews,
    TokenGate gate,
    Followers followers) {
  long historyMillis() {
    return settings.history().toMillis();
  }

  /** The settings that a page has to know. */
  Map<String, Object> config() {
    Map<String, Object> topics = new LinkedHashMap<>();
    topics.put("frames", settings.topics().frames());
    topics.put("labels", settings.topics().labels());
    topics.put("rejected", settings.topics().rejected());
    boolean noEvents = followers.eventsAreMissing() && events.told() == 0;
    topics.put("events", noEvents ? null : settings.topics().events());
    topics.put("reviews", settings.reviews());
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("version", version);
    config.put("application", settings.application());
    config.put("topics", topics);
    config.put("reviews", true);
    config.put("pictures", settings.picturesPerSecond() > 0);
    config.put("picturesPerSecond", settings.picturesPerSecond());
    config.put("historyMillis", historyMillis());
    return config;
  }

  Views.Overview overview() {
    GroupWatch.Seen seen = group.seen();
    double[] rates = streams.rates();
    return new Views.Overview(
        seen.group(),
        seen.instances(),
        seen.partitions(),
        new Views.Rates(
            round(rates[0]), round(rates[1]), round(rates[2]), round(rejected.perSecond())),
        new Views.Totals(streams.size(), streams.labels(), events.told(), rejected.count()),
        rejected.reasons(),
        group.changes(),
        error().orElse(null));
  }

  private Optional<String> error() {
    List<String> said = new ArrayList<>();
    group.problem().ifPresent(said::add);
    said.addAll(followers.problems());
    return said.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", said));
  }

  private static double round(double rate) {
    return Math.round(rate * 10) / 10.0;
  }
}
