package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.frame.FrameDecodeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of the rejected topic: original key, value and headers, and headers that say
 * why and from where. A value too large to send again is replaced by an empty one, its position is
 * in the headers; where that is not enough the original headers go, and then the key.
 */
final class Rejections {
  static final String REASON = "gatestream.reason";
  static final String MESSAGE = "gatestream.message";
  static final String TOPIC = "gatestream.topic";
  static final String PARTITION = "gatestream.partition";
  static final String OFFSET = "gatestream.offset";
  static final String OMITTED_BYTES = "gatestream.omitted.bytes";

  /** What a producer counts beside keys, values and headers: batch, record and lengths. */
  private static final int OVERHEAD = 128;

  /** A message may quote the key, which may be of any size. */
  private static final int MAX_MESSAGE = 1_000;

  private final int maxBytes;

  /** Creates them for a largest record, as producer and topic count it. */
  Rejections(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  Record<byte[], byte[]> of(
      Record<byte[], byte[]> record, RecordMetadata at, FrameDecodeException bad) {
    Headers why = new RecordHeaders();
    add(why, REASON, bad.reason().name());
    add(why, MESSAGE, shortened(String.valueOf(bad.getMessage())));
    add(why, TOPIC, at.topic());
    add(why, PARTITION, Integer.toString(at.partition()));
    add(why, OFFSET, Long.toString(at.offset()));
    Headers headers = with(record.headers(), why);
    byte[] key = record.key();
    byte[] value = record.value();
    if (value != null && size(key, value, headers) > maxBytes) {
      add(why, OMITTED_BYTES, Integer.toString(value.length));
      headers = with(record.headers(), why);
      value = new byte[0];
    }
    if (size(key, value, headers) > maxBytes) {
      headers = why;
    }
    if (size(key, value, headers) > maxBytes) {
      key = null;
    }
    return new Record<>(key, value, record.timestamp(), headers);
  }

  private static Headers with(Headers original, Headers why) {
    Headers headers = new RecordHeaders(original);
    why.forEach(headers::add);
    return headers;
  }

  private static String shortened(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "...";
  }

  private static long size(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    long size = OVERHEAD + (key == null ? 0L : key.length) + (value == null ? 0 : value.length);
    for (Header header : headers) {
      int name = header.key().getBytes(UTF_8).length;
      size += name + (header.value() == null ? 0 : header.value().length) + 10;
    }
    return size;
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }
}
