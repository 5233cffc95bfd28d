package io.gatestream.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.kafka.RecordPosition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecodeJournalTest {
  private static final String TOPIC = "frames";

  @TempDir Path dir;
  private Path file;

  @BeforeEach
  void file() {
    file = dir.resolve("journal");
  }

  @Test
  void whatIsBeingDecodedIsInTheFileAndWhatWasIsNot() throws Exception {
    try (DecodeJournal journal = DecodeJournal.create(file, TOPIC, 4)) {
      assertThat(read()).isEmpty();
      int first = journal.enter(3, 70_000_000_000L);
      int second = journal.enter(0, 0);
      assertThat(read()).containsExactlyInAnyOrder(position(3, 70_000_000_000L), position(0, 0));
      journal.leave(first);
      assertThat(read()).containsExactly(position(0, 0));
      journal.leave(second);
      assertThat(read()).isEmpty();
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void aJournalThatIsClosedWhileARecordIsDecodedStays() throws Exception {
    try (DecodeJournal journal = DecodeJournal.create(file, TOPIC, 4)) {
      journal.enter(1, 2);
    }
    assertThat(read()).containsExactly(position(1, 2));
  }

  @Test
  void whereNoSlotIsFreeTheOthersStay() throws Exception {
    try (DecodeJournal journal = DecodeJournal.create(file, TOPIC, 2)) {
      journal.enter(0, 1);
      int second = journal.enter(0, 2);
      int none = journal.enter(0, 3);
      assertThat(none).isEqualTo(DecodeJournal.NO_SLOT);
      journal.leave(none);
      assertThat(read()).containsExactlyInAnyOrder(position(0, 1), position(0, 2));
      journal.leave(second);
      assertThat(journal.enter(0, 4)).isEqualTo(second);
    }
  }

  @Test
  void aTornSlotIsNoPosition() throws Exception {
    ByteBuffer bytes = JournalFormat.empty(TOPIC, 3).order(ByteOrder.LITTLE_ENDIAN);
    fill(bytes, 0, 1, 10);
    fill(bytes, 1, 1, 11);
    fill(bytes, 2, 1, 12);
    bytes.putLong(JournalFormat.slot(0) + JournalFormat.OFFSET, 99); // the next one's, its mark not
    bytes.putInt(JournalFormat.slot(1) + JournalFormat.MARK, JournalFormat.EMPTY);
    assertThat(JournalFormat.read(bytes)).contains(List.of(position(1, 12)));
  }

  @Test
  void bytesThatAreNoJournalOfThisVersionAreNotRead() {
    ByteBuffer version = JournalFormat.empty(TOPIC, 3).order(ByteOrder.LITTLE_ENDIAN);
    version.putInt(8, 2);
    assertThat(JournalFormat.read(version)).isEmpty();
    ByteBuffer slots = JournalFormat.empty(TOPIC, 3).order(ByteOrder.LITTLE_ENDIAN);
    slots.putInt(12, 4);
    assertThat(JournalFormat.read(slots)).isEmpty();
    assertThat(JournalFormat.read(ByteBuffer.allocate(0))).isEmpty();
    assertThat(JournalFormat.read(ByteBuffer.allocate(10_000))).isEmpty();
    ByteBuffer whole = JournalFormat.empty(TOPIC, 3);
    for (int length = 0; length < whole.limit(); length++) {
      assertThat(JournalFormat.read(whole.duplicate().limit(length))).as("cut").isEmpty();
    }
    byte[] noise = new byte[1_000];
    new Random(7).nextBytes(noise);
    assertThat(JournalFormat.read(ByteBuffer.wrap(noise))).isEmpty();
  }

  @Test
  void threadsDoNotDisturbEachOther() throws Exception {
    int threads = 4;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (DecodeJournal journal = DecodeJournal.create(file, TOPIC, threads)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int partition = thread;
        ends.add(
            pool.submit(
                () -> {
                  for (long offset = 0; offset < 500; offset++) {
                    int slot = journal.enter(partition, offset);
                    assertThat(slot).isNotEqualTo(DecodeJournal.NO_SLOT);
                    assertThat(read()).contains(position(partition, offset));
                    journal.leave(slot);
                  }
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
      assertThat(read()).isEmpty();
    } finally {
      pool.shutdownNow();
    }
  }

  /** Prints what the watch costs a record; claims nothing about it. */
  @Test
  void cost() throws Exception {
    int rounds = 200_000;
    byte[] value = new byte[20_000];
    try (DecodeJournal journal = DecodeJournal.create(file, TOPIC, 8);
        KillingRecords killing = KillingRecords.open(dir.resolve("killing"))) {
      long nanos = 0;
      long lookUp = 0;
      for (int warm = 0; warm < 3; warm++) {
        long start = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
          journal.leave(journal.enter(1, i));
        }
        long between = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
          killing.find(value);
        }
        nanos = between - start;
        lookUp = System.nanoTime() - between;
      }
      System.out.printf(
          "decode journal: %d ns a record for enter and leave, %d ns to ask the list%n",
          nanos / rounds, lookUp / rounds);
    }
  }

  private static void fill(ByteBuffer bytes, int slot, int partition, long offset) {
    bytes.putLong(JournalFormat.slot(slot) + JournalFormat.OFFSET, offset);
    bytes.putInt(JournalFormat.slot(slot) + JournalFormat.PARTITION, partition);
    bytes.putInt(
        JournalFormat.slot(slot) + JournalFormat.MARK, JournalFormat.mark(partition, offset));
  }

  private List<RecordPosition> read() throws Exception {
    Optional<List<RecordPosition>> found =
        JournalFormat.read(ByteBuffer.wrap(Files.readAllBytes(file)));
    return found.orElseThrow();
  }

  private static RecordPosition position(int partition, long offset) {
    return new RecordPosition(TOPIC, partition, offset);
  }
}
