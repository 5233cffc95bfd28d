package io.gatestream.guard;

import io.gatestream.frame.AvroFrameCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameLimits;
import io.gatestream.frame.InputSpec;
import io.gatestream.frame.JpegDepth;
import io.gatestream.frame.StrayBytes;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.frame.decode.PictureDecoders;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.model.BundleReader;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The main class of a trial's process: decodes the records that come on standard input (length as
 * four bytes, value) as the application would, every picture of them. It ends with 0 if it lives
 * to.
 */
public final class DecodeTrial {
  /** Where the time is over. */
  private static final int TIMED_OUT = 3;

  private DecodeTrial() {}

  /**
   * Runs a trial.
   *
   * @param args bundle, largest side, most pixels, most frames of a segment, most scans, most work,
   *     stray bytes, how closely JPEGs are looked at, seconds it may take, a file to create before
   *     the first record: what ends the process earlier, such as a decoder that breaks at every
   *     picture, is no record's fault
   */
  public static void main(String[] args) throws IOException {
    endAfter(Long.parseLong(args[8]));
    InputSpec input = BundleReader.load(Path.of(args[0])).input();
    FrameLimits limits =
        new FrameLimits(
            Integer.parseInt(args[1]),
            Long.parseLong(args[2]),
            Integer.parseInt(args[3]),
            Integer.parseInt(args[4]),
            Long.parseLong(args[5]),
            StrayBytes.valueOf(args[6]),
            JpegDepth.valueOf(args[7]));
    AvroFrameCodec codec = new AvroFrameCodec(limits);
    Pictures pictures = new Pictures(input.bytes());
    DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
    decodeControl(input, limits, pictures);
    Files.createFile(Path.of(args[9]));
    for (Optional<byte[]> value = next(in); value.isPresent(); value = next(in)) {
      // closed after each: what a record breaks in native memory may show there only
      try (FrameDecoder decoder = PictureDecoders.open(input, limits)) {
        decoder.decode(codec.decode(value.get()), pictures);
      } catch (FrameDecodeException | RuntimeException refused) {
        // thrown, so it killed nothing
      }
    }
    Runtime.getRuntime().halt(TrialOutcome.DONE);
  }

  /** Loads the native libraries and decodes a picture that is known to be good. */
  private static void decodeControl(InputSpec input, FrameLimits limits, PictureSink pictures)
      throws IOException {
    try (InputStream in = DecodeTrial.class.getResourceAsStream("control.jpg");
        FrameDecoder decoder = PictureDecoders.open(input, limits)) {
      Frame control =
          Frame.newBuilder()
              .setStreamId("control")
              .setSession(Instant.EPOCH)
              .setSequence(0)
              .setCaptureTime(Instant.EPOCH)
              .setSourceTime(0)
              .setEncoding(Encoding.JPEG)
              .setPayload(ByteBuffer.wrap(Objects.requireNonNull(in).readAllBytes()))
              .build();
      decoder.decode(control, pictures);
    } catch (FrameDecodeException e) {
      throw new IllegalStateException("the control picture does not decode: " + e.getMessage(), e);
    }
  }

  private static Optional<byte[]> next(DataInputStream in) throws IOException {
    int length;
    try {
      length = in.readInt();
    } catch (EOFException e) {
      return Optional.empty();
    }
    return Optional.of(in.readNBytes(length));
  }

  /** A decoder that hangs must not outlive an application that was killed meanwhile. */
  private static void endAfter(long seconds) {
    Thread watch =
        new Thread(
            () -> {
              try {
                Thread.sleep(seconds * 1_000);
              } catch (InterruptedException e) {
                return;
              }
              Runtime.getRuntime().halt(TIMED_OUT);
            },
            "trial-limit");
    watch.setDaemon(true);
    watch.start();
  }

  /** One place, filled again and again. */
  private static final class Pictures implements PictureSink {
    private final ByteBuffer place;

    Pictures(int bytes) {
      place = ByteBuffer.allocateDirect(bytes);
    }

    @Override
    public Optional<ByteBuffer> place(int index, long captureTime, long sourceTime) {
      return Optional.of(place.clear());
    }

    @Override
    public void filled(int index) {}
  }
}
