package io.gatestream.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.schema.ModelId;
import io.gatestream.schema.Reset;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What reading a value allocates, counted by the JVM for this thread. */
class RecordAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** A record near the largest that {@code max.record.bytes} lets through. */
  private static final int LARGE = 15_000_000;

  /** Exceptions with their traces, and what Avro makes once for a schema. */
  private static final long ONCE = 1 << 20;

  private final AvroFrameCodec codec = new AvroFrameCodec(FrameLimits.DEFAULT);
  private final LabelCodec labels = new LabelCodec();

  /** Reads a value; whether it is one does not matter here. */
  private interface Reading {
    void read(byte[] value) throws FrameDecodeException;
  }

  @Test
  void recordsThatClaimMillionsOfSideFeaturesAllocateNextToNothing() {
    for (byte[] claim :
        List.of(
            number(3_500_000),
            number(14_000_000),
            joined(number(-3_500_000), number(14_000_000)),
            // in blocks, each of which is small
            joined(number(4_000), new byte[16_000], number(3_400_000)))) {
      byte[] record = filled(frameUpToAuxiliary(), claim);
      long allocated = 0;
      for (int i = 0; i < 24; i++) {
        allocated += allocatedBy(codec::decode, record);
      }
      assertThat(allocated).isLessThan(LARGE);
    }
  }

  @Test
  void sideFeaturesAreCountedOverAllBlocks() {
    byte[] blocks = {};
    for (int i = 0; i < 5; i++) {
      blocks = joined(blocks, number(1_000), new byte[4_000]);
    }
    byte[] record = joined(frameUpToAuxiliary(), blocks, number(0));
    assertThat(reason(record)).isEqualTo(Reason.BAD_FIELD);
    assertThat(codec.encode(withAuxiliary(AvroFrameCodec.MAX_AUXILIARY)))
        .satisfies(value -> assertThat(codec.decode(value).getAuxiliary()).hasSize(4_096));
  }

  @Test
  void aStreamIdOfMegabytesIsRefusedBeforeItIsRead() {
    byte[] header = Arrays.copyOf(frameUpToAuxiliary(), 10);
    byte[] record = filled(header, number(LARGE - 100));
    Arrays.fill(record, 20, record.length, (byte) 0xC3);
    assertThat(allocatedBy(codec::decode, record)).isLessThan(ONCE);
    assertThat(reason(record)).isEqualTo(Reason.BAD_FIELD);
  }

  @Test
  void foreignLabelsAllocateWhatTheirBytesAreWorth() {
    byte[] label = labels.encode(label(1));
    // header, stream, session, sequence, captureTime and sourceTime come before the scores
    int scores = 10 + number(1).length + 1 + 4;
    for (long claimed : new long[] {900_000, 2_900_000, 14_000_000, 1L << 40}) {
      byte[] record = filled(Arrays.copyOf(label, scores), number(claimed));
      assertThat(allocatedBy(labels::decode, record))
          .as("%d scores", claimed)
          .isLessThan(12L * LARGE);
    }
  }

  @Property(tries = 400)
  void mutatedRecordsAllocateNoMoreThanTheirBytesAreWorth(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 200_000) int size) {
    boolean isLabel = random.nextBoolean();
    byte[] record =
        isLabel ? labels.encode(label(1 + size / 20)) : codec.encode(withAuxiliary(size / 50));
    record = Arrays.copyOf(record, record.length + random.nextInt(size));
    for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
      // counts and lengths of many bytes, in the places where they are read
      int at = 10 + random.nextInt(Math.min(record.length - 10, 120));
      byte[] claim = number(random.nextLong() >> random.nextInt(64));
      System.arraycopy(claim, 0, record, at, Math.min(claim.length, record.length - at));
    }
    long allocated = allocatedBy(isLabel ? labels::decode : codec::decode, record);
    assertThat(allocated).isLessThan(24L * record.length + ONCE);
  }

  @Test
  void honestRecordsAreStillRead() throws Exception {
    assertThat(labels.decode(labels.encode(label(100_000))).getScores()).hasSize(100_000);
    assertThat(codec.decode(codec.encode(withAuxiliary(3))).getAuxiliary()).hasSize(3);
  }

  private static long allocatedBy(Reading reading, byte[] value) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      reading.read(value);
    } catch (FrameDecodeException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private Reason reason(byte[] value) {
    try {
      codec.decode(value);
    } catch (FrameDecodeException e) {
      return e.reason();
    }
    throw new AssertionError("it is a frame");
  }

  private byte[] frameUpToAuxiliary() {
    byte[] value = codec.encode(TestPictures.frame(Encoding.JPEG, new byte[40]));
    return Arrays.copyOf(value, value.length - 1);
  }

  private static Frame withAuxiliary(int values) {
    Frame frame = TestPictures.frame(Encoding.JPEG, new byte[40]);
    frame.put("auxiliary", Collections.nCopies(values, 1f));
    return frame;
  }

  private static FrameLabel label(int scores) {
    return FrameLabel.newBuilder()
        .setStreamId("")
        .setSession(Instant.EPOCH)
        .setSequence(0)
        .setCaptureTime(Instant.EPOCH)
        .setSourceTime(0)
        .setScores(Collections.nCopies(scores, new LabelScore("label", 0.5f)))
        .setModel(new ModelId("", "", ""))
        .setFramesSinceReset(1)
        .setReset(Reset.NONE)
        .setDuplicates(0)
        .setSkipped(0)
        .setRejected(0)
        .build();
  }

  /** The parts, and zeros up to the size of a large record. */
  private static byte[] filled(byte[]... parts) {
    return Arrays.copyOf(joined(parts), LARGE);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(joined::writeBytes);
    return joined.toByteArray();
  }

  private static byte[] number(long value) {
    ValueWriter out = new ValueWriter(10);
    out.number(value);
    return out.bytes();
  }
}
