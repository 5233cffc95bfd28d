package io.gatestream.stream.state;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.gatestream.frame.SingleObjectHeader;
import io.gatestream.frame.ValueWriter;
import io.gatestream.schema.ContenderRecord;
import io.gatestream.schema.EventStateRecord;
import io.gatestream.schema.Reset;
import io.gatestream.schema.SessionRunRecord;
import io.gatestream.schema.SilencedEventRecord;
import io.gatestream.schema.StreamStateRecord;
import io.gatestream.stream.events.Events;
import io.gatestream.stream.events.OpenEvent;
import io.gatestream.stream.events.StreamEvents;
import io.gatestream.stream.policy.Contender;
import io.gatestream.stream.policy.SessionRun;
import io.gatestream.stream.policy.Sessions;
import io.gatestream.stream.policy.StreamProgress;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.common.errors.SerializationException;

class StreamStateSerdeTest {
  private final StreamStateSerde serde = new StreamStateSerde();

  @Property(tries = 300)
  void everyStateReadsBackAsItWas(@ForAll long seed) {
    StreamState state = state(new Random(seed));
    StreamState read = requireNonNull(serde.deserialize("t", serde.serialize("t", state)));
    assertThat(read.lastOffset()).as("seed %d", seed).isEqualTo(state.lastOffset());
    assertThat(read.progress()).as("seed %d", seed).isEqualTo(state.progress());
    assertThat(read.events())
        .as("seed %d", seed)
        .usingRecursiveComparison()
        .isEqualTo(state.events());
    assertThat(Arrays.deepEquals(read.tensors(), state.tensors())).as("seed %d", seed).isTrue();
  }

  @Example
  void aChangelogRecordThatClaimsMillionsOfTensorsAllocatesNothingForThem() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (long claimed : new long[] {70_000, 14_000_000, 1L << 40, -14_000_000}) {
      ValueWriter out = new SingleObjectHeader(StreamStateRecord.getClassSchema()).write(200);
      out.number(2);
      out.string("fingerprint");
      for (int i = 0; i < 9; i++) {
        out.number(1);
      }
      out.string(Reset.NONE.name());
      out.number(claimed);
      byte[] value = Arrays.copyOf(out.bytes(), 15_000_000);
      long before = threads.getCurrentThreadAllocatedBytes();
      assertThatThrownBy(() -> serde.deserialize("t", value))
          .isInstanceOf(SerializationException.class);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(allocated).as("%d tensors", claimed).isLessThan(1 << 20);
    }
  }

  /** The bytes in the changelog are those of the schema's generated class, for every state. */
  @Property(tries = 300)
  void writesWhatAvroWrites(@ForAll long seed) throws Exception {
    StreamState state = state(new Random(seed));
    StreamProgress progress = state.progress();
    ByteBuffer expected =
        new BinaryMessageEncoder<StreamStateRecord>(
                new SpecificData(), StreamStateRecord.getClassSchema())
            .encode(
                StreamStateRecord.newBuilder()
                    .setModelFingerprint(progress.modelFingerprint())
                    .setSession(progress.session())
                    .setLastSequence(progress.lastSequence())
                    .setLastCaptureTime(progress.lastCaptureTime())
                    .setLastStepTime(progress.lastStepTime())
                    .setDue(progress.due())
                    .setFramesSinceReset(progress.framesSinceReset())
                    .setDuplicates(progress.duplicates())
                    .setSkipped(progress.skipped())
                    .setRejected(progress.rejected())
                    .setPendingReset(progress.pendingReset().name())
                    .setTensors(Stream.of(state.tensors()).map(this::littleEndian).toList())
                    .setLastOffset(state.lastOffset())
                    .setFirstSequence(progress.sessions().firstSequence())
                    .setLeft(
                        progress.sessions().left().stream()
                            .map(StreamStateSerdeTest::record)
                            .toList())
                    .setContender(
                        Stream.ofNullable(progress.sessions().contender())
                            .map(StreamStateSerdeTest::record)
                            .toList())
                    .setReturns(progress.sessions().returns())
                    .setEventClasses(state.events().classes())
                    .setEventScores(littleEndian(state.events().scores()))
                    .setEvents(
                        state.events().open().stream().map(StreamStateSerdeTest::record).toList())
                    .setSilenced(
                        state.events().silenced().stream()
                            .map(event -> new SilencedEventRecord(event.label(), event.eventId()))
                            .toList())
                    .build());
    assertThat(ByteBuffer.wrap(serde.serialize("t", state)))
        .as("seed %d", seed)
        .isEqualTo(expected);
  }

  private static EventStateRecord record(OpenEvent event) {
    return EventStateRecord.newBuilder()
        .setLabel(event.label())
        .setPhase(event.phase().number())
        .setSession(event.first().session())
        .setSequence(event.first().sequence())
        .setStartCaptureTime(event.first().at().captureTime())
        .setStartSourceTime(event.first().at().sourceTime())
        .setEndCaptureTime(event.last().captureTime())
        .setEndSourceTime(event.last().sourceTime())
        .setPeakCaptureTime(event.peak().at().captureTime())
        .setPeakSourceTime(event.peak().at().sourceTime())
        .setPeakScore(event.peak().score())
        .setScoreSum(event.counted().sum())
        .setFrames(event.counted().frames())
        .setTailSum(event.tail().sum())
        .setTailFrames(event.tail().frames())
        .setSince(event.since())
        .setAgain(event.again())
        .setSaid(event.said())
        .setContinues(event.continues())
        .build();
  }

  private static SessionRunRecord record(SessionRun run) {
    return new SessionRunRecord(
        run.session(), run.firstSequence(), run.lastSequence(), run.lastCaptureTime());
  }

  private static ContenderRecord record(Contender contender) {
    return new ContenderRecord(
        contender.session(),
        contender.firstCaptureTime(),
        contender.lastSequence(),
        contender.lastCaptureTime(),
        contender.records(),
        contender.misses());
  }

  private ByteBuffer littleEndian(float[] tensor) {
    ByteBuffer bytes = ByteBuffer.allocate(tensor.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(tensor);
    return bytes;
  }

  private static Sessions sessions(Random random) {
    List<SessionRun> left = new ArrayList<>();
    for (int i = random.nextInt(Sessions.MOST_LEFT + 1); i > 0; i--) {
      left.add(
          new SessionRun(
              random.nextLong(), random.nextInt(), random.nextLong() >> 9, random.nextLong()));
    }
    return new Sessions(
        random.nextLong() >> random.nextInt(64),
        left,
        random.nextBoolean()
            ? null
            : new Contender(
                random.nextLong(),
                random.nextLong(),
                random.nextInt(),
                random.nextLong(),
                random.nextInt(),
                random.nextInt(9)),
        random.nextInt(9));
  }

  private static StreamState state(Random random) {
    StreamProgress progress =
        new StreamProgress(
            Long.toHexString(random.nextLong()).repeat(random.nextInt(30)),
            random.nextLong(),
            random.nextLong() >> random.nextInt(64),
            random.nextLong(),
            random.nextLong(),
            random.nextLong(),
            random.nextLong() >> random.nextInt(64),
            new StreamProgress.Counts(random.nextLong(), random.nextInt(), random.nextLong()),
            List.of(Reset.values()).get(random.nextInt(Reset.values().length)),
            sessions(random));
    float[][] tensors = new float[random.nextInt(4)][];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = new float[random.nextInt(300)];
      for (int j = 0; j < tensors[i].length; j++) {
        tensors[i][j] = Float.intBitsToFloat(random.nextInt() & 0xBFFFFFFF); // no NaN
      }
    }
    return new StreamState(
        progress, tensors, random.nextLong() >> random.nextInt(64), Events.any(random));
  }

  @Example
  void bytesAfterTheEndAreASerializationException() {
    byte[] longer = Arrays.copyOf(serde.serialize("t", known()), 300);
    assertThatThrownBy(() -> serde.deserialize("t", longer))
        .isInstanceOf(SerializationException.class);
  }

  /** A changelog outlives the version that wrote it: this file must read for ever. */
  @Example
  void aStateOfFormat1Reads() throws Exception {
    StreamState read = requireNonNull(serde.deserialize("t", fixture(1)));
    assertThat(read.progress()).isEqualTo(known(Sessions.NONE).progress());
    assertThat(read.tensors()).isDeepEqualTo(known().tensors());
    assertThat(read.lastOffset()).as("format 1 has none").isEqualTo(-1);
  }

  @Example
  void aStateOfFormat2Reads() throws Exception {
    StreamState read = requireNonNull(serde.deserialize("t", fixture(2)));
    assertThat(read.progress()).isEqualTo(known(Sessions.NONE).progress());
    assertThat(read.tensors()).isDeepEqualTo(known().tensors());
    assertThat(read.lastOffset()).isEqualTo(49);
  }

  @Example
  void aStateOfFormat3Reads() throws Exception {
    StreamState read = requireNonNull(serde.deserialize("t", fixture(3)));
    assertThat(read.progress()).isEqualTo(known().progress());
    assertThat(read.tensors()).isDeepEqualTo(known().tensors());
    assertThat(read.lastOffset()).isEqualTo(49);
    assertThat(read.events()).as("format 3 has none").isSameAs(StreamEvents.NONE);
  }

  @Example
  void aStateOfFormat4ReadsAndIsWhatThisVersionWrites() throws Exception {
    byte[] written = fixture(4);
    StreamState read = requireNonNull(serde.deserialize("t", written));
    assertThat(read.progress()).isEqualTo(known().progress());
    assertThat(read.events()).usingRecursiveComparison().isEqualTo(known().events());
    assertThat(HexFormat.of().formatHex(serde.serialize("t", known())))
        .as("this version writes format 4")
        .isEqualTo(HexFormat.of().formatHex(written));
  }

  private static byte[] fixture() throws Exception {
    return fixture(4);
  }

  private static byte[] fixture(int format) throws Exception {
    try (InputStream in =
        StreamStateSerdeTest.class.getResourceAsStream(
            "/state/stream-state-%d.hex".formatted(format))) {
      return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
    }
  }

  private static StreamState known() {
    return known(
        new Sessions(
            40,
            List.of(new SessionRun(30, 31, 32, 33), new SessionRun(34, 35, 36, 37)),
            new Contender(50, 51, 52, 53, 4, 1),
            2));
  }

  private static StreamState known(Sessions sessions) {
    return new StreamState(
        new StreamProgress(
            "0f1e2d3c",
            1_700_000_000_000_001L,
            41,
            42,
            43,
            44,
            45,
            new StreamProgress.Counts(46, 47, 48),
            Reset.REQUESTED,
            sessions),
        new float[][] {{1f, -0.5f, 1e-30f}, {Float.MAX_VALUE, -0f}},
        49,
        Events.stored());
  }

  @Example
  void noStateIsNoState() {
    assertThat(serde.serialize("t", null)).isNull();
    assertThat(serde.deserialize("t", null)).isNull();
  }

  @Property(tries = 300)
  void garbageIsASerializationException(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    byte[] damaged = Arrays.copyOf(fixture(), random.nextInt(fixture().length));
    assertThatThrownBy(() -> serde.deserialize("topic-x", damaged))
        .as("seed %d", seed)
        .isInstanceOf(SerializationException.class)
        .hasMessageContaining("topic-x");
    byte[] noise = new byte[random.nextInt(200)];
    random.nextBytes(noise);
    assertThatThrownBy(() -> serde.deserialize("t", noise))
        .as("seed %d", seed)
        .isInstanceOf(SerializationException.class);
  }

  @Example
  void anUnknownResetIsASerializationException() throws Exception {
    String hex = HexFormat.of().formatHex(fixture());
    String requested = HexFormat.of().formatHex("REQUESTED".getBytes(StandardCharsets.UTF_8));
    String other = HexFormat.of().formatHex("REQUESTEX".getBytes(StandardCharsets.UTF_8));
    byte[] changed = HexFormat.of().parseHex(hex.replace(requested, other));
    assertThatThrownBy(() -> serde.deserialize("t", changed))
        .isInstanceOf(SerializationException.class);
  }
}
