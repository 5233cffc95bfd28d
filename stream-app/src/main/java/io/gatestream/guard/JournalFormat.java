package io.gatestream.guard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.kafka.RecordPosition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of a decode journal, little-endian: a header of 512 bytes (magic, version, number of
 * slots, length and bytes of the topic's name) and slots of 64 bytes, a cache line each (offset,
 * partition, mark). The mark is 0 in an empty slot, else made from the other two: a slot that was
 * being written when its process died does not look like a full one.
 */
final class JournalFormat {
  static final int HEADER = 512;
  static final int SLOT = 64;
  static final int OFFSET = 0;
  static final int PARTITION = 8;
  static final int MARK = 12;
  static final int EMPTY = 0;

  private static final long MAGIC = 0x4E4C4A4345445347L;
  private static final int VERSION = 1;
  private static final int MAX_SLOTS = 1 << 16;

  /** Kafka's longest topic name. */
  private static final int MAX_TOPIC = 249;

  private JournalFormat() {}

  static ByteBuffer empty(String topic, int slots) {
    byte[] name = topic.getBytes(UTF_8);
    if (slots < 1 || slots > MAX_SLOTS || name.length > MAX_TOPIC) {
      throw new IllegalArgumentException(
          "a journal of %d slots for topic '%s'".formatted(slots, topic));
    }
    ByteBuffer bytes = ByteBuffer.allocate(slot(slots)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(MAGIC).putInt(VERSION).putInt(slots).putInt(name.length).put(name);
    return bytes.clear();
  }

  /** Where slot {@code index} begins. */
  static int slot(int index) {
    return HEADER + index * SLOT;
  }

  /** The mark of a full slot; never {@link #EMPTY}. */
  static int mark(int partition, long offset) {
    long mixed = (offset * 31 + partition + 1) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) | 1;
  }

  /**
   * The positions in a journal's full slots; empty where the bytes are no journal of this version.
   */
  static Optional<List<RecordPosition>> read(ByteBuffer journal) {
    ByteBuffer bytes = journal.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.remaining() < HEADER || bytes.getLong() != MAGIC || bytes.getInt() != VERSION) {
      return Optional.empty();
    }
    int slots = bytes.getInt();
    int nameLength = bytes.getInt();
    if (slots < 1
        || slots > MAX_SLOTS
        || nameLength < 0
        || nameLength > MAX_TOPIC
        || bytes.limit() < slot(slots)) {
      return Optional.empty();
    }
    byte[] name = new byte[nameLength];
    bytes.get(name);
    String topic = new String(name, UTF_8);
    List<RecordPosition> positions = new ArrayList<>();
    for (int i = 0; i < slots; i++) {
      long offset = bytes.getLong(slot(i) + OFFSET);
      int partition = bytes.getInt(slot(i) + PARTITION);
      int mark = bytes.getInt(slot(i) + MARK);
      if (mark == mark(partition, offset) && partition >= 0 && offset >= 0) {
        positions.add(new RecordPosition(topic, partition, offset));
      }
    }
    return Optional.of(positions);
  }
}
