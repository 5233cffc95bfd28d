package io.gatestream.frame;

import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Guesses why a producer's records are rejected, and says what to do: for a log line and for who
 * looks at rejected records. One of a few texts, which hold nothing of the record. Thread-safe.
 */
public final class LikelyCause {
  private static final String SINGLE_OBJECT =
      "a value begins with C3 01 and the fingerprint of Gatestream's Frame schema (Avro's single-object encoding)";

  private final SingleObjectHeader header = new SingleObjectHeader(Frame.getClassSchema());
  private final SingleObject<Frame> frames =
      new SingleObject<>(Frame.class, AvroFrameCodec.MAX_AUXILIARY, AvroFrameCodec.MAX_STREAM_ID);

  /**
   * The likely cause of a rejection.
   *
   * @param reason the name of a {@link Reason}; another one has no likely cause
   * @param key the record's, null where it has none
   * @param value the record's, null or empty where it was left out
   */
  public Optional<String> of(String reason, byte @Nullable [] key, byte @Nullable [] value) {
    byte[] bytes = value == null ? new byte[0] : value;
    for (Reason known : Reason.values()) {
      if (known.name().equals(reason)) {
        return Optional.ofNullable(of(known, key, bytes));
      }
    }
    return Optional.empty();
  }

  private @Nullable String of(Reason reason, byte @Nullable [] key, byte[] value) {
    return switch (reason) {
      case UNPARSABLE -> unparsable(key, value);
      case KEY_MISMATCH -> key(key);
      case BAD_TIME -> time(value);
      case UNKNOWN_ENCODING -> "a producer of a newer version: update this one";
      case TOO_LARGE ->
          "a record above the limits: have the producer send smaller pictures or shorter segments, or raise the setting that the message names";
      case CORRUPT -> payload(value);
      case FRAME_COUNT ->
          "frameCount is not the number of pictures in the segment: count what the encoder gave, after it was flushed";
      case NOT_FINITE ->
          "the model: its features or logits overflow for this picture, or auxiliary values are far out of its range";
      case KILLS_PROCESS ->
          "damage that crashes a native decoder: keep the record for a report, and look at the producer";
      case BAD_FIELD -> null; // the message names the field
    };
  }

  private @Nullable String unparsable(byte @Nullable [] key, byte[] value) {
    if (value.length == 0) {
      return "an empty value: a reset is asked for with a null value, a frame is never empty";
    }
    if (header.begins(value)) {
      return "damaged on its way or by its producer: cut off, or with bytes behind the frame";
    }
    if (header.marks(value)) {
      return "another schema: producers must use Frame.avsc as it is, a field more or less changes its fingerprint";
    }
    if (value[0] == 0 && value.length > 5) {
      return "the leading 00 byte is the framing of a schema registry's serializer: "
          + SINGLE_OBJECT
          + ", use no registry serializer for it";
    }
    if (startsWithStream(value, key)) {
      return "a Frame without its header, as plain Avro encoders write it: " + SINGLE_OBJECT;
    }
    return ContentKind.of(value, 0)
        .map(
            kind ->
                "the value is %s, not a Frame around one: %s".formatted(kind.text(), SINGLE_OBJECT))
        .orElse(
            "no Frame at all: another producer writes to this topic, or with another serializer");
  }

  /** A Frame's body begins with its stream, a string, which is the key. */
  private static boolean startsWithStream(byte[] value, byte @Nullable [] key) {
    if (key == null || key.length == 0 || key.length > 8_191) {
      return false;
    }
    ValueWriter writer = new ValueWriter(key.length + 2);
    writer.bytes(key);
    byte[] start = writer.bytes();
    return value.length > start.length
        && Arrays.equals(value, 0, start.length, start, 0, start.length);
  }

  private static String key(byte @Nullable [] key) {
    if (key == null) {
      return "the producer sends no key: it must be the frame's streamId in UTF-8";
    }
    String rule = "a key is the frame's streamId in UTF-8, nothing before or after it";
    if (key.length > 0 && key[0] == 0) {
      return "the key's serializer is a schema registry's or a number's: " + rule;
    }
    if (key.length > 0 && (key[0] == '"' || key[0] == '{')) {
      return "the key's serializer writes JSON: " + rule;
    }
    return "the producer's key is something else than the stream: " + rule;
  }

  private @Nullable String time(byte[] value) {
    Frame frame = decoded(value);
    if (frame == null) {
      return null;
    }
    long capture = Micros.of(frame.getCaptureTime());
    long session = Micros.of(frame.getSession());
    if (TimeUnitGuess.isNanoseconds(capture) || TimeUnitGuess.isNanoseconds(session)) {
      return "times in nanoseconds in place of microseconds: divide by 1000";
    }
    return capture < 0 || session < 0
        ? "a time that was never set, or a wrong sign: times are microseconds since 1970, UTC"
        : "the producer's clock, or times that count from something else than 1970";
  }

  private @Nullable String payload(byte[] value) {
    Frame frame = decoded(value);
    if (frame == null) {
      return null;
    }
    byte[] start = new byte[Math.min(16, frame.getPayload().remaining())];
    frame.getPayload().duplicate().get(start);
    if (start.length == 0) {
      return "an empty payload: the producer's encoder or capture gave nothing";
    }
    Optional<ContentKind> kind = ContentKind.of(start, 0);
    boolean fits =
        kind.isEmpty()
            || switch (kind.get()) {
              case JPEG -> frame.getEncoding() == Encoding.JPEG;
              case PNG -> frame.getEncoding() == Encoding.PNG;
              case MP4, TRANSPORT_STREAM -> frame.getEncoding() == Encoding.H264_SEGMENT;
              default -> false;
            };
    if (!fits && frame.getEncoding() != Encoding.RAW_BGR) {
      return "the payload is %s, and the encoding says %s"
          .formatted(kind.get().text(), frame.getEncoding());
    }
    return frame.getEncoding() == Encoding.RAW_BGR
        ? "width, height and payload do not fit: RAW_BGR is three bytes a pixel, rows without padding"
        : "pictures cut off or damaged before they were sent: look at the camera, its network and the producer";
  }

  private @Nullable Frame decoded(byte[] value) {
    try {
      return value.length == 0 ? null : frames.decode(value);
    } catch (FrameDecodeException e) {
      return null;
    }
  }
}
