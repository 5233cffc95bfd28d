package io.gatestream.lookahead;

import io.gatestream.frame.FrameCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.model.FrameEncoder;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Frames of one byte a picture: a value {@code "3abc"} is a record of the pictures a, b and c;
 * {@code "!"} is one that does not decode. The feature of a picture is its byte.
 */
final class FakeFrames implements FrameCodec {
  static final int PICTURE_BYTES = 1;

  static byte[] value(String pictures) {
    return pictures.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] encode(Frame frame) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Frame decode(byte[] value) {
    return Frame.newBuilder()
        .setStreamId("s")
        .setSession(Instant.EPOCH)
        .setFrameCount(value.length)
        .setSequence(0)
        .setCaptureTime(Instant.EPOCH)
        .setSourceTime(0)
        .setEncoding(Encoding.JPEG)
        .setPayload(ByteBuffer.wrap(value))
        .build();
  }

  /** Decoders that call {@code before} with each picture before they give it. */
  static Supplier<FrameDecoder> decoders(Consumer<Character> before) {
    return () ->
        new FrameDecoder() {
          @Override
          public void decode(Frame frame, PictureSink sink) throws FrameDecodeException {
            ByteBuffer pictures = frame.getPayload().duplicate();
            for (int i = 0; pictures.hasRemaining(); i++) {
              byte picture = pictures.get();
              before.accept((char) picture);
              if (picture == '!') {
                throw new FrameDecodeException(Reason.CORRUPT, "picture " + i);
              }
              Optional<ByteBuffer> place = sink.place(i, i * 100_000L, i);
              if (place.isPresent()) {
                place.get().put(0, picture);
                sink.filled(i);
              }
            }
          }

          @Override
          public void close() {}
        };
  }

  /** Encodes a picture to its byte, keeps the batch sizes, and fails on {@code ?}. */
  static final class Encoder implements FrameEncoder {
    final ConcurrentLinkedQueue<Integer> batches = new ConcurrentLinkedQueue<>();
    final int maxBatch;
    final int callers;
    volatile Runnable before = () -> {};

    Encoder(int maxBatch, int callers) {
      this.maxBatch = maxBatch;
      this.callers = callers;
    }

    @Override
    public int featureSize() {
      return 1;
    }

    @Override
    public int maxBatch() {
      return maxBatch;
    }

    @Override
    public int callers() {
      return callers;
    }

    @Override
    public float[][] encode(ByteBuffer pixels, int batch) {
      before.run();
      batches.add(batch);
      float[][] features = new float[batch][];
      for (int i = 0; i < batch; i++) {
        if (pixels.get(i) == '?') {
          throw new IllegalStateException("the encoder fails on purpose");
        }
        features[i] = new float[] {pixels.get(i)};
      }
      return features;
    }

    @Override
    public void close() {}
  }

  /** The features of a record as text, a dot where a picture has none. */
  static String text(EncodedRecord record) {
    List<String> features = new ArrayList<>();
    for (int i = 0; i < record.count(); i++) {
      features.add(record.features(i).map(f -> String.valueOf((char) f[0])).orElse("."));
    }
    return String.join("", features);
  }
}
