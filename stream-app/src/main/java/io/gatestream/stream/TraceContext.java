package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a frame is part of, as W3C Trace Context has it in two headers of its record:
 * {@code traceparent} and {@code tracestate}. Labels get both as they came, so that a trace goes on
 * behind them. Nothing is begun here, and nothing else of a frame's headers is passed on.
 *
 * <p>What is malformed or too long is left out: hostile headers do not make labels large.
 */
final class TraceContext {
  static final String PARENT = "traceparent";
  static final String STATE = "tracestate";

  /** Version, trace id, parent id and flags of version 00, which later versions begin with. */
  static final int PARENT_BYTES = 55;

  /** The specification asks for so many at least, of both headers of later versions too. */
  static final int MOST_BYTES = 512;

  private static final Headers NONE = new RecordHeaders();

  /** Version ff is invalid, and so are ids of zeros only. */
  private static final Pattern START =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private TraceContext() {}

  /**
   * The trace's headers among those of a record; of several with one name the last counts.
   *
   * @return not to be changed; empty where the record is part of no trace
   */
  static Headers of(Headers record) {
    Header parent = record.lastHeader(PARENT);
    if (parent == null || !isParent(parent.value())) {
      return NONE;
    }
    Headers trace = new RecordHeaders();
    trace.add(PARENT, parent.value());
    Header state = record.lastHeader(STATE);
    if (state != null && isText(state.value())) {
      trace.add(STATE, state.value());
    }
    return trace;
  }

  private static boolean isParent(byte @Nullable [] value) {
    if (value == null || value.length < PARENT_BYTES || !isText(value)) {
      return false;
    }
    boolean longer = value.length > PARENT_BYTES;
    boolean firstVersion = value[0] == '0' && value[1] == '0';
    return START.matcher(ascii(value)).matches()
        && (!longer || (!firstVersion && value[PARENT_BYTES] == '-'));
  }

  private static String ascii(byte[] value) {
    return new String(value, 0, PARENT_BYTES, US_ASCII);
  }

  /** Some signs of ASCII that can be printed, not too many. */
  private static boolean isText(byte @Nullable [] value) {
    if (value == null || value.length == 0 || value.length > MOST_BYTES) {
      return false;
    }
    for (byte sign : value) {
      if (sign < ' ' || sign > '~') {
        return false;
      }
    }
    return true;
  }
}
