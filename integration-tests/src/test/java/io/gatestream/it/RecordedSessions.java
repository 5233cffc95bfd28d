package io.gatestream.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.frame.Micros;
import io.gatestream.schema.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The sample clips as a day's recording: every stream with a gap after its first third and a
 * restarted producer after its second, some frames sent twice. Two transactional producers, each
 * with half of the streams, send side by side in small transactions; many are aborted after frames
 * were sent, and sent again.
 */
final class RecordedSessions {
  /** The header of a frame's trace. */
  static final String TRACE = "traceparent";

  /** When every stream begins. */
  static final Instant START = Instant.parse("2026-01-01T08:00:00Z");

  /** From the start of a stream's third to that of the next; more than any third is long. */
  static final Duration THIRD = Duration.ofSeconds(40);

  /** Has frames twice in its first third. */
  static final String REPEATED = "bowl";

  private static final int MOST_FRAMES = 90;
  private static final int PER_TRANSACTION = 7;

  private final Kafka kafka;
  private final String topic;
  private final Random random;
  private final Map<String, List<Frame>> streams = new TreeMap<>();
  private int aborted;

  /**
   * Takes the frames of the recorded topic.
   *
   * @param seed of lengths and fates of transactions
   */
  RecordedSessions(Recorded recorded, String topic, long seed) {
    this.kafka = recorded.kafka();
    this.topic = topic;
    this.random = new Random(seed);
    Map<String, List<Frame>> found = new TreeMap<>();
    kafka.committed(Recorded.FRAMES).stream()
        .sorted(Comparator.comparingLong(ConsumerRecord::offset))
        .map(record -> Kafka.frame(record.value()).orElseThrow())
        .forEach(
            frame ->
                found.computeIfAbsent(frame.getStreamId(), id -> new ArrayList<>()).add(frame));
    found.forEach((stream, frames) -> streams.put(stream, sessions(stream, frames)));
  }

  private static List<Frame> sessions(String stream, List<Frame> recorded) {
    List<Frame> frames = recorded.subList(0, Math.min(MOST_FRAMES, recorded.size()));
    List<Frame> sessions = new ArrayList<>();
    int third = Math.max(1, (frames.size() + 2) / 3);
    for (int i = 0; i < frames.size(); i++) {
      Frame frame = frames.get(i);
      int part = i / third;
      long sincePart = frame.getSourceTime() - frames.get(part * third).getSourceTime();
      Frame placed =
          Frame.newBuilder(frame)
              .setSession(START.plus(THIRD.multipliedBy(part / 2 * 2L)))
              .setCaptureTime(START.plus(THIRD.multipliedBy(part)).plusNanos(sincePart * 1_000))
              .build();
      sessions.add(placed);
      if (part == 0 && i % 10 == 3 && stream.equals(REPEATED)) {
        sessions.add(placed);
      }
    }
    return sessions;
  }

  /** Sends everything; the streams advance side by side. */
  void send() {
    List<Frame> mixed = new ArrayList<>();
    List<List<Frame>> left =
        streams.values().stream().map(ArrayList::new).map(l -> (List<Frame>) l).toList();
    int longest = left.stream().mapToInt(List::size).max().orElseThrow();
    for (int i = 0; i < longest; i++) {
      for (List<Frame> frames : left) {
        // short streams of segments are spread over the others' length
        int from = (int) ((long) i * frames.size() / longest);
        int to = (int) ((long) (i + 1) * frames.size() / longest);
        mixed.addAll(frames.subList(from, to));
      }
    }
    try (KafkaProducer<byte[], byte[]> even = producer("even");
        KafkaProducer<byte[], byte[]> odd = producer("odd")) {
      List<String> names = List.copyOf(streams.keySet());
      List<List<Frame>> halves = List.of(new ArrayList<>(), new ArrayList<>());
      mixed.forEach(f -> halves.get(names.indexOf(f.getStreamId()) % 2).add(f));
      int[] at = {0, 0};
      while (at[0] < halves.get(0).size() || at[1] < halves.get(1).size()) {
        // both are open at once, so that their records lie between each other's
        int[] to = {end(halves.get(0), at[0]), end(halves.get(1), at[1])};
        boolean[] abort = {random.nextInt(4) == 0, random.nextInt(4) == 0};
        even.beginTransaction();
        odd.beginTransaction();
        send(even, halves.get(0).subList(at[0], to[0]), abort[0]);
        send(odd, halves.get(1).subList(at[1], to[1]), abort[1]);
        at[0] = finish(even, abort[0], at[0], to[0]);
        at[1] = finish(odd, abort[1], at[1], to[1]);
      }
      // the last offsets are those of an aborted transaction and its markers
      even.beginTransaction();
      send(even, mixed.subList(0, 20), true);
      even.flush();
      even.abortTransaction();
    }
  }

  /** How many transactions were aborted. */
  int aborted() {
    return aborted;
  }

  /** All frames once more, as if the cameras had gone on the next day. */
  void sendNextDay() {
    streams.replaceAll(
        (stream, frames) ->
            frames.stream()
                .map(
                    frame ->
                        Frame.newBuilder(frame)
                            .setSession(frame.getSession().plus(Duration.ofDays(1)))
                            .setCaptureTime(frame.getCaptureTime().plus(Duration.ofDays(1)))
                            .build())
                .toList());
    send();
  }

  private int end(List<Frame> frames, int from) {
    return Math.min(frames.size(), from + 1 + random.nextInt(PER_TRANSACTION));
  }

  private int finish(KafkaProducer<byte[], byte[]> producer, boolean abort, int from, int to) {
    producer.flush();
    if (abort) {
      producer.abortTransaction();
      aborted++;
      return from;
    }
    producer.commitTransaction();
    return to;
  }

  /** What is aborted has numbers of its own: it would change labels if it were read. */
  @SuppressWarnings("FutureReturnValueIgnored") // a send that fails fails the commit
  private void send(KafkaProducer<byte[], byte[]> producer, List<Frame> frames, boolean abort) {
    for (Frame frame : frames) {
      Frame sent =
          abort
              ? Frame.newBuilder(frame).setSession(frame.getSession().plusSeconds(1)).build()
              : frame;
      producer.send(
          new ProducerRecord<>(
              topic,
              null,
              sent.getCaptureTime().toEpochMilli(),
              Label.key(sent.getStreamId()),
              Kafka.encode(sent),
              List.of(
                  new RecordHeader(TRACE, trace(sent.getCaptureTime()).getBytes(UTF_8)),
                  new RecordHeader("camera", new byte[] {1}))));
    }
  }

  /** The trace that a frame is sent with. */
  static String trace(Instant captureTime) {
    long id = Micros.of(captureTime);
    return "00-%032x-%016x-01".formatted(id, id);
  }

  private KafkaProducer<byte[], byte[]> producer(String name) {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "transactional.id",
                topic + "-" + name,
                "linger.ms",
                0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }
}
