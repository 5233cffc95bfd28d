package io.gatestream.it;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.assertj.core.api.Assertions;

/** The committed labels of a topic, stream by stream in their order. */
record Labels(Map<String, List<Label>> byStream) {
  static Labels of(Collection<ConsumerRecord<byte[], byte[]>> records) {
    Map<String, List<Label>> streams = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Label label = Label.of(record);
      streams.computeIfAbsent(label.key(), key -> new ArrayList<>()).add(label);
    }
    return new Labels(streams);
  }

  /** Those of some streams. */
  Labels of(Set<String> streams) {
    Map<String, List<Label>> some = new TreeMap<>(byStream);
    some.keySet().retainAll(streams);
    return new Labels(some);
  }

  /**
   * As if there were no events: those begin anew where a state of a version without them is read.
   */
  Labels withoutActive() {
    Map<String, List<Label>> changed = new TreeMap<>();
    byStream.forEach(
        (stream, labels) ->
            changed.put(
                stream,
                labels.stream()
                    .map(label -> label.with(builder -> builder.setActive(List.of())))
                    .toList()));
    return new Labels(changed);
  }

  long count() {
    return byStream.values().stream().mapToLong(List::size).sum();
  }

  /** Fails with the first difference, decoded: lost, doubled or changed labels. */
  void requireEqual(Labels undisturbed, String context) {
    List<String> differences = new ArrayList<>();
    undisturbed.byStream.forEach(
        (stream, expected) -> {
          List<Label> found = byStream.getOrDefault(stream, List.of());
          int first = 0;
          while (first < Math.min(expected.size(), found.size())
              && expected.get(first).equals(found.get(first))) {
            first++;
          }
          if (first < Math.max(expected.size(), found.size())) {
            differences.add(
                "stream %s: %d labels, undisturbed %d; first difference at %d:%n    found    %s%n    expected %s"
                    .formatted(
                        stream,
                        found.size(),
                        expected.size(),
                        first,
                        first < found.size() ? found.get(first) : "none",
                        first < expected.size() ? expected.get(first) : "none"));
          }
        });
    byStream.keySet().stream()
        .filter(stream -> !undisturbed.byStream.containsKey(stream))
        .forEach(stream -> differences.add("stream %s is not expected".formatted(stream)));
    if (!differences.isEmpty()) {
      Assertions.fail(
          "labels differ from the undisturbed ones (%s)%n  %s",
          context, String.join("\n  ", differences));
    }
  }
}
