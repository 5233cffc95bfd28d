package io.gatestream.it;

import static java.util.Objects.requireNonNull;

import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameLimits;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What the measuring scripts need beside ./gatestream: any number of streams, and the moments at
 * which labels come. common.sh compiles and runs it on the application's class path.
 */
public final class Load {
  private static final int PICTURES = 64;

  private Load() {}

  public static void main(String[] args) throws Exception {
    switch (args.length == 0 ? "" : args[0]) {
      case "topic" -> topic(args[1], args[2], Integer.parseInt(args[3]), Long.parseLong(args[4]));
      case "send" ->
          send(
              args[1],
              args[2],
              Integer.parseInt(args[3]),
              Long.parseLong(args[4]),
              Long.parseLong(args[5]),
              Long.parseLong(args[6]),
              Double.parseDouble(args[7]));
      case "again" ->
          again(
              args[1],
              args[2],
              args[3],
              Integer.parseInt(args[4]),
              Long.parseLong(args[5]),
              Long.parseLong(args[6]));
      case "members" -> members(args[1], args[2]).forEach(System.out::println);
      case "takeover" -> takeover(args[1], args[2], args[3], args[4], Long.parseLong(args[5]));
      case "log" -> log(args[1], args[2]);
      case "compacted" -> compacted(args[1], args[2], Integer.parseInt(args[3]));
      case "states" ->
          states(
              args[1],
              args[2],
              Integer.parseInt(args[3]),
              Integer.parseInt(args[4]),
              Integer.parseInt(args[5]));
      case "read" -> read(args[1], args[2]);
      default -> {
        System.err.println(
            """
            topic SERVERS TOPIC PARTITIONS BYTES            creates a topic that keeps at most BYTES a partition (-1: all)
            send SERVERS TOPIC STREAMS FROM COUNT T0 RATE   sends frames FROM to FROM+COUNT-1 of STREAMS streams in turn; RATE 0: as fast as it goes
            again SERVERS FROM TOPIC STREAMS COUNT T0       sends the frames of topic FROM over and over, COUNT in all, as STREAMS streams of one run
            members SERVERS APPLICATION                     prints its instances, by Kafka Streams' process ids
            takeover SERVERS APPLICATION LABELS INSTANCE PID  kills PID and times the labels of the partitions that INSTANCE had
            log SERVERS TOPIC                               prints the bytes of its log and its records
            compacted SERVERS TOPIC PARTITIONS              creates a changelog with Kafka's settings, but for limits on time
            states SERVERS TOPIC STREAMS COMMITS BYTES      writes a state of BYTES for each stream in each of COMMITS transactions
            read SERVERS TOPIC                              reads what is committed from the beginning, as a recovery does; prints records and seconds\
            """);
        System.exit(2);
      }
    }
  }

  private static Admin admin(String servers) {
    return Admin.create(Map.of("bootstrap.servers", servers));
  }

  private static void topic(String servers, String topic, int partitions, long bytes)
      throws Exception {
    try (Admin admin = admin(servers)) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(topic, partitions, (short) 1)
                      .configs(
                          Map.of(
                              "message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE),
                              "retention.bytes", Long.toString(bytes),
                              "segment.bytes", Integer.toString(16 << 20)))))
          .all()
          .get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  /**
   * Frame n is frame n / streams of stream n % streams, 100 ms (or its turn at RATE) after the
   * last.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears the result
  private static void send(
      String servers, String topic, int streams, long from, long count, long t0, double rate)
      throws Exception {
    byte[][] pictures = pictures();
    AvroFrameCodec codec = new AvroFrameCodec(FrameLimits.DEFAULT);
    long apart = rate > 0 ? Math.max(100_000, Math.round(streams / rate * 1e6)) : 100_000;
    String[] names = new String[streams];
    for (int i = 0; i < streams; i++) {
      names[i] = "camera-%06d".formatted(i);
    }
    Exception[] failure = {null};
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers, "linger.ms", 5, "buffer.memory", 33_554_432),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      long began = System.nanoTime();
      for (long n = from; n < from + count; n++) {
        if (rate > 0) {
          long wait = began + Math.round((n - from) / rate * 1e9) - System.nanoTime();
          if (wait > 0) {
            Thread.sleep(Duration.ofNanos(wait).toMillis());
          }
        }
        String stream = names[(int) (n % streams)];
        long sequence = n / streams;
        long capture = t0 + sequence * apart;
        Frame frame =
            Frame.newBuilder()
                .setStreamId(stream)
                .setSession(instant(t0))
                .setSequence(sequence)
                .setCaptureTime(instant(capture))
                .setSourceTime(sequence * apart)
                .setEncoding(Encoding.JPEG)
                .setPayload(ByteBuffer.wrap(pictures[(int) ((n + sequence) % PICTURES)]))
                .build();
        producer.send(record(topic, frame, codec), hears(failure));
      }
    }
    if (failure[0] != null) {
      throw failure[0];
    }
  }

  /** As `ingest` makes it: the stream's name as key, the capture time as timestamp. */
  private static ProducerRecord<byte[], byte[]> record(
      String topic, Frame frame, AvroFrameCodec codec) {
    return new ProducerRecord<>(
        topic,
        null,
        frame.getCaptureTime().toEpochMilli(),
        frame.getStreamId().getBytes(StandardCharsets.UTF_8),
        codec.encode(frame));
  }

  private static Callback hears(Exception[] failure) {
    return (at, thrown) -> {
      if (thrown != null) {
        failure[0] = thrown;
      }
    };
  }

  /**
   * Stream i shows the clip i % clips, from its beginning again after its end, 100 ms a frame: as
   * fast as the broker takes it, where an ingest decodes and encodes each frame.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // a send that fails fails the flush's check
  private static void again(
      String servers, String from, String topic, int streams, long count, long t0)
      throws Exception {
    AvroFrameCodec codec = new AvroFrameCodec(FrameLimits.DEFAULT);
    List<List<Frame>> clips = clips(servers, from, codec);
    Exception[] failure = {null};
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers, "linger.ms", 5, "batch.size", 262_144),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (long n = 0; n < count; n++) {
        int i = (int) (n % streams);
        long sequence = n / streams;
        List<Frame> clip = clips.get(i % clips.size());
        long capture = t0 + sequence * 100_000;
        String stream = "camera-%06d".formatted(i);
        Frame frame =
            Frame.newBuilder(clip.get((int) (sequence % clip.size())))
                .setStreamId(stream)
                .setSession(instant(t0))
                .setSequence(sequence)
                .setCaptureTime(instant(capture))
                .setSourceTime(sequence * 100_000)
                .build();
        producer.send(record(topic, frame, codec), hears(failure));
      }
    }
    if (failure[0] != null) {
      throw failure[0];
    }
  }

  /** The frames of each stream of a topic, in order; streams by name. */
  private static List<List<Frame>> clips(String servers, String topic, AvroFrameCodec codec)
      throws Exception {
    Map<String, List<Frame>> clips = new TreeMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          Frame frame = codec.decode(record.value());
          clips.computeIfAbsent(frame.getStreamId(), id -> new ArrayList<>()).add(frame);
        }
      }
    }
    return List.copyOf(clips.values());
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** A square that wanders, 64 x 64: the default model's size, so that the state weighs most. */
  private static byte[][] pictures() throws Exception {
    byte[][] pictures = new byte[PICTURES][];
    for (int i = 0; i < PICTURES; i++) {
      BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(new Color(90, 120, 60));
      graphics.fillRect(0, 0, 64, 64);
      graphics.setColor(Color.WHITE);
      graphics.fillRect(i % 48, 20 + i % 7, 16, 16);
      graphics.dispose();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(image, "jpg", out);
      pictures[i] = out.toByteArray();
    }
    return pictures;
  }

  private static String instance(MemberDescription member) {
    return member.clientId().replaceFirst("-StreamThread-.*", "");
  }

  private static Set<String> members(String servers, String application) throws Exception {
    Set<String> instances = new TreeSet<>();
    try (Admin admin = admin(servers)) {
      for (MemberDescription member : group(admin, application)) {
        if (!member.assignment().topicPartitions().isEmpty()) {
          instances.add(instance(member));
        }
      }
    }
    return instances;
  }

  private static Iterable<MemberDescription> group(Admin admin, String application)
      throws Exception {
    return requireNonNull(
            admin.describeConsumerGroups(List.of(application)).all().get().get(application))
        .members();
  }

  /**
   * Kills an instance and prints the milliseconds until labels of its partitions come again: the
   * first of any, and the first of the last. Labels within a second of the kill are the dead one's.
   */
  private static void takeover(
      String servers, String application, String labels, String instance, long pid)
      throws Exception {
    Set<Integer> lost = new HashSet<>();
    try (Admin admin = admin(servers)) {
      for (MemberDescription member : group(admin, application)) {
        if (instance(member).equals(instance)) {
          member.assignment().topicPartitions().forEach(p -> lost.add(p.partition()));
        }
      }
    }
    if (lost.isEmpty()) {
      throw new IllegalStateException(instance + " has no partitions");
    }
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(labels).stream()
              .map((PartitionInfo p) -> new TopicPartition(p.topic(), p.partition()))
              .filter(p -> lost.contains(p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      int count = lost.size();
      awaitAll(consumer, new HashSet<>(lost), Long.MIN_VALUE); // all flow before the kill
      Optional<ProcessHandle> victim = ProcessHandle.of(pid);
      long killed = System.nanoTime();
      victim.orElseThrow().destroyForcibly();
      long[] times = awaitAll(consumer, lost, killed + 1_000_000_000L);
      System.out.printf(
          "%d %d %d%n", count, (times[0] - killed) / 1_000_000, (times[1] - killed) / 1_000_000);
    }
  }

  /** Waits for a label of each partition after a moment; the first and the last of these times. */
  private static long[] awaitAll(
      KafkaConsumer<byte[], byte[]> consumer, Set<Integer> open, long after) {
    long limit = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    long first = 0;
    long last = 0;
    while (!open.isEmpty()) {
      var polled = consumer.poll(Duration.ofMillis(5));
      long now = System.nanoTime();
      if (now > limit) {
        throw new IllegalStateException("no labels of partitions " + open + " for 3 minutes");
      }
      if (after != Long.MIN_VALUE && now < after) {
        continue;
      }
      for (TopicPartition partition : polled.partitions()) {
        if (open.remove(partition.partition())) {
          first = first == 0 ? now : first;
          last = now;
        }
      }
    }
    return new long[] {first, last};
  }

  private static void compacted(String servers, String topic, int partitions) throws Exception {
    try (Admin admin = admin(servers)) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(topic, partitions, (short) 1)
                      .configs(
                          Map.of(
                              "cleanup.policy",
                              "compact",
                              "message.timestamp.after.max.ms",
                              Long.toString(Long.MAX_VALUE)))))
          .all()
          .get();
    }
  }

  /** As an application writes its changelog: ten transactions for each second of video. */
  @SuppressWarnings("FutureReturnValueIgnored") // a send that fails fails the commit
  private static void states(String servers, String topic, int streams, int commits, int bytes)
      throws Exception {
    Random random = new Random(1);
    byte[] state = new byte[bytes];
    long now = System.currentTimeMillis();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                servers,
                "transactional.id",
                topic + "-load",
                "linger.ms",
                100),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      for (int commit = 0; commit < commits; commit++) {
        producer.beginTransaction();
        for (int stream = 0; stream < streams; stream++) {
          random.nextBytes(state);
          producer.send(
              new ProducerRecord<>(
                  topic,
                  null,
                  now + 100L * commit,
                  "camera-%06d".formatted(stream).getBytes(StandardCharsets.UTF_8),
                  state.clone()));
        }
        producer.commitTransaction();
      }
    }
  }

  private static void read(String servers, String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long records = 0;
      long began = System.nanoTime();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        records += consumer.poll(Duration.ofMillis(100)).count();
      }
      System.out.printf("%d %.1f%n", records, (System.nanoTime() - began) / 1e9);
    }
  }

  private static void log(String servers, String topic) throws Exception {
    long bytes = 0;
    try (Admin admin = admin(servers)) {
      List<Integer> brokers =
          admin.describeCluster().nodes().get().stream().map(node -> node.id()).toList();
      for (var folders : admin.describeLogDirs(brokers).allDescriptions().get().values()) {
        for (var folder : folders.values()) {
          for (var replica : folder.replicaInfos().entrySet()) {
            bytes += replica.getKey().topic().equals(topic) ? replica.getValue().size() : 0;
          }
        }
      }
    }
    long records = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      for (long end : consumer.endOffsets(partitions).values()) {
        records += end;
      }
    }
    System.out.printf("%d %d%n", bytes, records);
  }
}
