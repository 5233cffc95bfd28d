package io.gatestream.it;

import io.gatestream.frame.EventCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.Micros;
import io.gatestream.model.BundleReader;
import io.gatestream.model.EventRules;
import io.gatestream.model.EventRulesWriter;
import io.gatestream.model.ModelBundle;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.stream.events.EventChange;
import io.gatestream.stream.events.EventTracker;
import io.gatestream.stream.events.EventWriter;
import io.gatestream.stream.events.LabelledFrame;
import io.gatestream.stream.events.OpenEvent.Moment;
import io.gatestream.stream.events.StreamEvents;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The events that committed labels give, one stream after the other. The committed events of an
 * application must be these, byte by byte, none lost and none twice: then every START has its END,
 * as EventTrackerTest shows of the rules.
 */
final class EventsOfLabels {
  private final ModelBundle bundle = BundleReader.load(Gatestream.BUNDLE);
  private final EventTracker tracker = new EventTracker(bundle.events());
  private final EventWriter writer = new EventWriter(bundle);
  private long compared;

  /** A file with the bundle's rules, but that no stream is silent within a day. */
  static Path rulesWithoutSilence(Path folder) {
    ModelBundle bundle = BundleReader.load(Gatestream.BUNDLE);
    Path file = folder.resolve("rules-without-silence.json");
    EventRulesWriter.write(
        file,
        new EventRules(
            bundle.events().rules(), bundle.events().update(), TimeUnit.DAYS.toMicros(1)),
        bundle.labels(),
        bundle.background());
    return file;
  }

  /** What differs; a stream that is silent in the end may have its ENDs already. */
  static List<String> problems(Kafka kafka, TopicNames topics) {
    EventsOfLabels events = new EventsOfLabels();
    if (events.bundle.events().equals(EventRules.NONE)) {
      throw new IllegalStateException("the default bundle has no rules");
    }
    Map<String, List<ByteBuffer>> committed = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : kafka.committed(topics.events())) {
      committed
          .computeIfAbsent(
              new String(record.key(), StandardCharsets.UTF_8), key -> new ArrayList<>())
          .add(ByteBuffer.wrap(record.value()));
    }
    List<String> problems = new ArrayList<>();
    kafka
        .labels(topics)
        .byStream()
        .forEach(
            (stream, labels) -> {
              List<ByteBuffer> found = committed.remove(stream);
              problems.addAll(events.problems(stream, labels, found == null ? List.of() : found));
            });
    committed.keySet().forEach(stream -> problems.add("events without labels: " + stream));
    if (events.compared == 0) {
      problems.add("no event to compare");
    }
    return problems;
  }

  private List<String> problems(String stream, List<Label> labels, List<ByteBuffer> found) {
    List<ByteBuffer> expected = new ArrayList<>();
    StreamEvents now = StreamEvents.NONE;
    long previous = 0;
    for (Label label : labels) {
      FrameLabel decoded = label.decoded();
      long captured = Micros.of(decoded.getCaptureTime());
      EventTracker.Result result =
          tracker.advance(
              now,
              new LabelledFrame(
                  stream,
                  Micros.of(decoded.getSession()),
                  decoded.getSequence(),
                  new Moment(captured, decoded.getSourceTime()),
                  decoded.getReset(),
                  previous),
              scores(decoded));
      now = result.after();
      previous = captured;
      add(stream, result.changes(), expected);
    }
    compared += expected.size();
    if (found.size() > expected.size()) {
      add(stream, tracker.silence(now, stream).changes(), expected);
    }
    if (found.equals(expected)) {
      return List.of();
    }
    int first = 0;
    while (first < Math.min(found.size(), expected.size())
        && found.get(first).equals(expected.get(first))) {
      first++;
    }
    return List.of(
        "stream %s: %d events, by its labels %d; first difference at %d:%n  found %s%n  expected %s"
            .formatted(
                stream,
                found.size(),
                expected.size(),
                first,
                first < found.size() ? text(found.get(first)) : "none",
                first < expected.size() ? text(expected.get(first)) : "none"));
  }

  private void add(String stream, List<EventChange> changes, List<ByteBuffer> to) {
    changes.forEach(change -> to.add(ByteBuffer.wrap(writer.encode(stream, change))));
  }

  private float[] scores(FrameLabel label) {
    float[] scores = new float[bundle.labels().size()];
    for (LabelScore score : label.getScores()) {
      scores[bundle.labels().indexOf(score.getLabel())] = score.getScore();
    }
    return scores;
  }

  private static String text(ByteBuffer value) {
    byte[] bytes = new byte[value.remaining()];
    value.duplicate().get(bytes);
    try {
      return new EventCodec().decode(bytes).toString();
    } catch (FrameDecodeException e) {
      return e.toString();
    }
  }
}
