package io.gatestream.labels;

import io.gatestream.frame.LabelCodec;
import io.gatestream.frame.SingleObjectHeader;
import io.gatestream.schema.Frame;
import io.gatestream.schema.LabelEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a record seems to be, by its first bytes, in words for one who named the wrong topic. */
public final class RecordKind {
  private static final SingleObjectHeader FRAME = new SingleObjectHeader(Frame.getClassSchema());
  private static final LabelCodec LABEL = new LabelCodec();
  private static final SingleObjectHeader EVENT =
      new SingleObjectHeader(LabelEvent.getClassSchema());
  private static final int PREFIX = 64;

  private RecordKind() {}

  /** Whether it begins as a frame does. */
  public static boolean isFrame(ConsumerRecord<byte[], byte[]> record) {
    return record.value() != null && FRAME.begins(record.value());
  }

  /** Such as {@code a frame} or {@code JSON}. */
  public static String of(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (record.headers().lastHeader(RejectedRecords.REASON) != null) {
      return "a rejected record";
    }
    if (value == null) {
      return "a record without a value";
    }
    if (FRAME.begins(value)) {
      return "a frame";
    }
    if (LABEL.begins(value)) {
      return "a label";
    }
    if (EVENT.begins(value)) {
      return "an event";
    }
    if (begins(value, 0xC3, 0x01)) {
      return "Avro of another schema";
    }
    if (begins(value, 0xFF, 0xD8, 0xFF)) {
      return "a bare JPEG picture";
    }
    if (begins(value, 0x89, 'P', 'N', 'G')) {
      return "a bare PNG picture";
    }
    if (begins(value, 0) && value.length > 5) {
      return "in the framing of a schema registry (it begins with 00)";
    }
    if (isText(value)) {
      return begins(value, '{') || begins(value, '[') ? "JSON" : "text";
    }
    return "of no known format";
  }

  private static boolean begins(byte[] value, int... octets) {
    if (value.length < octets.length) {
      return false;
    }
    for (int i = 0; i < octets.length; i++) {
      if ((value[i] & 0xFF) != octets[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isText(byte[] value) {
    for (int i = 0; i < Math.min(value.length, PREFIX); i++) {
      boolean control = value[i] >= 0 && value[i] < ' ' && value[i] != '\n' && value[i] != '\t';
      if (control || value[i] < 0) {
        return false;
      }
    }
    return value.length > 0;
  }
}
