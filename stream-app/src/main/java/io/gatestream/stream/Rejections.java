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
 * why and from where. A value too large to send again is replaced by an empty one; its position is
 * in the headers.
 */
final class Rejections {
  static final String REASON = "gatestream.reason";
  static final String MESSAGE = "gatestream.message";
  static final String TOPIC = "gatestream.topic";
  static final String PARTITION = "gatestream.partition";
  static final String OFFSET = "gatestream.offset";
  static final String OMITTED_BYTES = "gatestream.omitted.bytes";

  private final int maxBytes;

  /** Creates them for a largest size of key, value and headers together. */
  Rejections(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  Record<byte[], byte[]> of(
      Record<byte[], byte[]> record, RecordMetadata at, FrameDecodeException bad) {
    Headers headers = new RecordHeaders(record.headers());
    add(headers, REASON, bad.reason().name());
    add(headers, MESSAGE, String.valueOf(bad.getMessage()));
    add(headers, TOPIC, at.topic());
    add(headers, PARTITION, Integer.toString(at.partition()));
    add(headers, OFFSET, Long.toString(at.offset()));
    byte[] value = record.value();
    if (value != null && size(record.key(), value, headers) > maxBytes) {
      add(headers, OMITTED_BYTES, Integer.toString(value.length));
      value = new byte[0];
    }
    return new Record<>(record.key(), value, record.timestamp(), headers);
  }

  private static long size(byte @Nullable [] key, byte[] value, Headers headers) {
    long size = (key == null ? 0 : key.length) + (long) value.length;
    for (Header header : headers) {
      size += header.key().length() + (header.value() == null ? 0 : header.value().length) + 10;
    }
    return size;
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }
}
