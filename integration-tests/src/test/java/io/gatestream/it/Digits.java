package io.gatestream.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Handwritten digits as streams, one row a frame, with what the bundle's Python runtime said of
 * each: digits.csv beside a bundle, which {@code evaluate-digits --csv} writes.
 */
final class Digits {
  /** Rows of an image, and pixels of a row. */
  static final int SIDE = 8;

  private static final Path BUNDLES =
      Gatestream.ROOT.resolve("integration-tests/src/test/resources/bundles");

  /** A row's pixel is so many times the digit's value, as in training. */
  private static final int SCALE = 15;

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /**
   * One image.
   *
   * @param prediction the label that Python gives after the last row
   * @param score that label's score there
   * @param pixels its 64 values, row by row
   */
  record Digit(
      String stream, String truth, String prediction, double score, List<Integer> pixels) {}

  private final Path folder;
  private final long intervalMillis;
  private final List<Digit> all;

  /** The digits beside the bundle {@code name}. */
  Digits(String name) {
    folder = BUNDLES.resolve(name);
    try {
      intervalMillis =
          new ObjectMapper()
              .readTree(folder.resolve("bundle/model.json").toFile())
              .path("input")
              .path("frameIntervalMillis")
              .asLong();
      all =
          Files.readAllLines(folder.resolve("digits.csv")).stream()
              .skip(1)
              .map(Digits::digit)
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Digit digit(String line) {
    String[] fields = line.split(",", -1);
    return new Digit(
        fields[0],
        fields[1],
        fields[2],
        Double.parseDouble(fields[3]),
        Arrays.stream(fields[4].split(" ")).map(Integer::valueOf).toList());
  }

  Path bundle() {
    return folder.resolve("bundle");
  }

  List<Digit> all() {
    return all;
  }

  /** Sends the first row of every image, then the second of every image, and so on. */
  void send(Kafka kafka, String topic) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all", "linger.ms", 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int row = 0; row < SIDE; row++) {
        for (int i = 0; i < all.size(); i++) {
          Frame frame = frame(all.get(i), row, i % 2 == 0);
          sent.add(
              producer.send(
                  new ProducerRecord<>(
                      topic,
                      null,
                      frame.getCaptureTime().toEpochMilli(),
                      frame.getStreamId().getBytes(StandardCharsets.UTF_8),
                      Kafka.encode(frame))));
        }
      }
      producer.flush();
      for (Future<RecordMetadata> record : sent) {
        record.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private Frame frame(Digit digit, int row, boolean raw) {
    byte[] grey = new byte[SIDE];
    for (int x = 0; x < SIDE; x++) {
      grey[x] = (byte) (digit.pixels().get(row * SIDE + x) * SCALE);
    }
    long after = row * intervalMillis;
    return Frame.newBuilder()
        .setStreamId(digit.stream())
        .setSession(START)
        .setSequence(row)
        .setCaptureTime(START.plusMillis(after))
        .setSourceTime(after * 1_000)
        .setEncoding(raw ? Encoding.RAW_BGR : Encoding.PNG)
        .setPayload(ByteBuffer.wrap(raw ? bgr(grey) : png(grey)))
        .setWidth(raw ? SIDE : 0)
        .setHeight(raw ? 1 : 0)
        .setAuxiliary(List.of())
        .build();
  }

  private static byte[] bgr(byte[] grey) {
    byte[] pixels = new byte[3 * grey.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = grey[i / 3];
    }
    return pixels;
  }

  private static byte[] png(byte[] grey) {
    BufferedImage image = new BufferedImage(grey.length, 1, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < grey.length; x++) {
      image.setRGB(x, 0, 0x010101 * (grey[x] & 0xFF));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("this Java writes no PNG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
