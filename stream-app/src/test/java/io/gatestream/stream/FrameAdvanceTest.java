package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.config.PolicySettings;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.FrameDecodeException.Reason;
import io.gatestream.frame.LabelCodec;
import io.gatestream.frame.Micros;
import io.gatestream.lookahead.EncodedRecord;
import io.gatestream.lookahead.FrameRecord;
import io.gatestream.lookahead.PictureFilter;
import io.gatestream.model.BundleReader;
import io.gatestream.model.EventRules;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.RecurrentStep;
import io.gatestream.model.TestBundles;
import io.gatestream.schema.Encoding;
import io.gatestream.schema.Frame;
import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.Reset;
import io.gatestream.stream.events.EventTracker;
import io.gatestream.stream.policy.Admission;
import io.gatestream.stream.policy.StreamPolicy;
import io.gatestream.stream.state.StreamState;
import io.gatestream.stream.steps.RecordRules;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The advance without Kafka and without a lookahead: records come as each path of the lookahead
 * hands them over. That the lookahead hands them over so is shown by LookaheadTest, with workers
 * and threads; that all of it together gives the same bytes, by FrameLabelsOnEveryPathTest.
 */
class FrameAdvanceTest {
  private static final byte[] KEY = "s".getBytes(UTF_8);
  private static final long T0 = 1_700_000_000_000_000L;
  private static final long INTERVAL = 100_000;
  private static final ModelBundle BUNDLE = BundleReader.load(TestBundles.tinyGru());

  private final StreamPolicy policy =
      new StreamPolicy(PolicySettings.DEFAULT, INTERVAL, BUNDLE.stateFingerprint());
  private final HalvingStep step = new HalvingStep();
  private final FrameAdvance advance =
      new FrameAdvance(
          new RecordRules(policy, step.initialState(), 0),
          new LabelMaker(BUNDLE, 64, false),
          new EventTracker(EventRules.NONE));

  /** How the lookahead came by the features. */
  private enum Path {
    /** Nothing was done ahead: pictures that are not wanted have no features. */
    MISS,
    /** Finished ahead or late, every picture. */
    HIT,
    /** Ahead, and the prediction left out every picture but the first: made here afterwards. */
    WRONG_GUESS
  }

  /** A record that is what it says; its feature is the picture's number and the sequence. */
  private static final class GivenRecord implements FrameRecord {
    private final Frame frame;
    private final Path path;
    private final long apart;
    private int parsed;
    private final List<Integer> asked = new ArrayList<>();

    GivenRecord(Frame frame, long apart, Path path) {
      this.frame = frame;
      this.apart = apart;
      this.path = path;
    }

    @Override
    public Frame frame() {
      parsed++;
      return frame;
    }

    @Override
    public EncodedRecord pictures(PictureFilter wanted) {
      int count = frame.getFrameCount();
      long[] captured = new long[count];
      long[] sourced = new long[count];
      float[][] features = new float[count][];
      for (int i = 0; i < count; i++) {
        captured[i] = Micros.of(frame.getCaptureTime()) + i * apart;
        sourced[i] = frame.getSourceTime() + i * apart;
        asked.add(i);
        boolean needed = wanted.wants(i, captured[i]);
        boolean ahead = path == Path.HIT || (path == Path.WRONG_GUESS && i == 0);
        features[i] = needed || ahead ? new float[] {frame.getSequence() + i} : null;
      }
      return new EncodedRecord(captured, sourced, features);
    }
  }

  /** Halves the state and adds the feature; gives NaN while it is told to. */
  private static final class HalvingStep implements RecurrentStep {
    private int brokenAt = -1;
    private int steps;

    @Override
    public float[][] initialState() {
      return new float[][] {{0}};
    }

    @Override
    public Result step(float[] features, float[][] state, float elapsed, float[] auxiliary) {
      float next = steps++ == brokenAt ? Float.NaN : state[0][0] / 2 + features[0];
      return new Result(new float[] {next, -next, elapsed}, new float[][] {{next}});
    }

    @Override
    public void close() {}
  }

  /** A record whose pictures must not be asked for. */
  private static FrameRecord undecoded(Frame frame) {
    return new FrameRecord() {
      @Override
      public Frame frame() {
        return frame;
      }

      @Override
      public EncodedRecord pictures(PictureFilter wanted) {
        throw new AssertionError("decoded");
      }
    };
  }

  private static Frame frame(long session, long sequence, long millis, int count) {
    return Frame.newBuilder()
        .setStreamId("s")
        .setSession(Micros.instant(T0 + session))
        .setSequence(sequence)
        .setFrameCount(count)
        .setCaptureTime(Micros.instant(T0 + millis * 1_000))
        .setSourceTime(millis * 1_000)
        .setEncoding(count == 1 ? Encoding.JPEG : Encoding.H264_SEGMENT)
        .setPayload(ByteBuffer.wrap(new byte[1]))
        .build();
  }

  private Advanced advance(FrameRecord record, StreamState before, boolean overloaded) {
    return advance.advance(
        KEY,
        record,
        before,
        overloaded,
        (call, picture) ->
            step.step(call.features(), call.state(), call.elapsed(), call.auxiliary()));
  }

  private Advanced.Decided decided(FrameRecord record, StreamState before) {
    return (Advanced.Decided) advance(record, before, false);
  }

  private StreamState afterFirst() {
    return decided(new GivenRecord(frame(0, 0, 0, 1), 0, Path.MISS), StreamState.START).after();
  }

  private static List<FrameLabel> labels(Advanced.Decided decided) throws Exception {
    List<FrameLabel> labels = new ArrayList<>();
    for (Advanced.Label label : decided.labels()) {
      labels.add(new LabelCodec().decode(label.value()));
    }
    return labels;
  }

  @Test
  void missHitAndWrongGuessGiveTheSameBytes() {
    List<List<String>> outputs = new ArrayList<>();
    for (Path path : Path.values()) {
      List<String> output = new ArrayList<>();
      StreamState state = StreamState.START;
      for (GivenRecord record :
          List.of(
              new GivenRecord(frame(0, 0, 0, 1), 0, path),
              new GivenRecord(frame(0, 1, 50, 1), 0, path), // not due
              new GivenRecord(frame(0, 2, 100, 9), 33_333, path), // every third one is due
              new GivenRecord(frame(0, 8, 300, 6), 33_333, path), // three of them again
              new GivenRecord(frame(0, 14, 9_000, 4), INTERVAL, path), // after a gap
              new GivenRecord(frame(7, 0, 9_500, 3), INTERVAL, path))) { // of a newer session
        Advanced.Decided made = decided(record, state);
        state = made.after();
        for (Advanced.Label label : made.labels()) {
          output.add(
              "%d %s %s"
                  .formatted(
                      label.captureTime(), label.reset(), HexFormat.of().formatHex(label.value())));
        }
        output.add(state.progress() + " " + state.tensors()[0][0]);
        assertThat(record.parsed).as("parsed once").isEqualTo(1);
        assertThat(record.asked).as("asked once a picture").doesNotHaveDuplicates();
      }
      outputs.add(output);
    }
    assertThat(outputs.get(0)).hasSizeGreaterThan(12);
    assertThat(outputs).containsOnly(outputs.get(0));
  }

  @Test
  void theSameRecordAndStateGiveTheSameAgain() {
    StreamState before = afterFirst();
    Advanced.Decided one =
        decided(new GivenRecord(frame(0, 1, 100, 3), INTERVAL, Path.MISS), before);
    Advanced.Decided again =
        decided(new GivenRecord(frame(0, 1, 100, 3), INTERVAL, Path.HIT), before);
    assertThat(again.after().progress()).isEqualTo(one.after().progress());
    assertThat(again.after().tensors()).isDeepEqualTo(one.after().tensors());
    assertThat(again.labels()).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(again.labels().get(i).value()).isEqualTo(one.labels().get(i).value());
    }
  }

  @Test
  void whatIsDroppedSkippedOrTooMuchIsNotDecoded() {
    StreamState before = afterFirst();
    Advanced.Decided repeated = decided(undecoded(frame(0, 0, 100, 1)), before);
    assertThat(repeated.cause()).isEqualTo(Admission.Cause.SEQUENCE);
    assertThat(repeated.after().progress().duplicates()).isEqualTo(1);
    Advanced.Decided older = decided(undecoded(frame(-5, 9, 100, 2)), before);
    assertThat(older.cause()).isEqualTo(Admission.Cause.OLDER_SESSION);
    assertThat(older.after().progress().duplicates()).isEqualTo(2);
    Advanced.Decided early = decided(undecoded(frame(0, 1, 50, 1)), before);
    assertThat(early.after().progress().skipped()).isEqualTo(1);
    assertThat(early.overrun()).isZero();
    Advanced.Decided late =
        (Advanced.Decided) advance(undecoded(frame(0, 1, 100, 3)), before, true);
    assertThat(late.overrun()).isEqualTo(3);
    assertThat(late.after().progress().skipped()).isEqualTo(3);
    assertThat(late.after().progress().lastSequence()).as("its place stays").isZero();
    for (Advanced.Decided one : List.of(repeated, older, early, late)) {
      assertThat(one.labels()).isEmpty();
      assertThat(one.after().tensors()).isSameAs(before.tensors());
    }
  }

  @Test
  void aBadRecordChangesNothingButTheCount() {
    StreamState before = afterFirst();
    FrameRecord unparsable =
        new FrameRecord() {
          @Override
          public Frame frame() throws FrameDecodeException {
            throw new FrameDecodeException(Reason.UNPARSABLE, "noise");
          }

          @Override
          public EncodedRecord pictures(PictureFilter wanted) {
            throw new AssertionError("decoded");
          }
        };
    FrameRecord corrupt =
        new FrameRecord() {
          @Override
          public Frame frame() {
            return FrameAdvanceTest.frame(0, 1, 100, 4);
          }

          @Override
          public EncodedRecord pictures(PictureFilter wanted) throws FrameDecodeException {
            assertThat(wanted.wants(0, T0 + INTERVAL)).isTrue();
            throw new FrameDecodeException(Reason.CORRUPT, "picture 1");
          }
        };
    expectRejected(unparsable, before, Reason.UNPARSABLE, 1);
    expectRejected(corrupt, before, Reason.CORRUPT, 4);
    long leap = 250L * 365 * 86_400 * 1_000_000;
    expectRejected(
        new GivenRecord(frame(0, 1, 100, 3), leap, Path.HIT), before, Reason.BAD_TIME, 3);
    expectRejected(undecoded(frame(0, 1, -T0, 1)), before, Reason.BAD_TIME, 1);
    Frame other = Frame.newBuilder(frame(0, 1, 100, 1)).setStreamId("t").build();
    expectRejected(undecoded(other), before, Reason.KEY_MISMATCH, 1);
  }

  private void expectRejected(FrameRecord record, StreamState before, Reason why, int frames) {
    Advanced.Rejected rejected = (Advanced.Rejected) advance(record, before, false);
    assertThat(rejected.why().reason()).isEqualTo(why);
    assertThat(rejected.after().progress()).isEqualTo(before.progress().withRejected(frames));
    assertThat(rejected.after().tensors()).isSameAs(before.tensors());
  }

  /** The pictures behind it were decided on before anybody could know. */
  @Test
  void aStateThatIsNotFiniteWithinASegmentBeginsAnewThere() throws Exception {
    StreamState before = afterFirst();
    for (Path path : Path.values()) {
      step.brokenAt = step.steps + 1;
      Advanced.Decided made = decided(new GivenRecord(frame(0, 1, 100, 4), INTERVAL, path), before);
      List<FrameLabel> labels = labels(made);
      assertThat(labels)
          .extracting(FrameLabel::getReset)
          .containsExactly(Reset.NONE, Reset.NON_FINITE_STATE, Reset.NONE, Reset.NONE);
      assertThat(labels)
          .extracting(FrameLabel::getFramesSinceReset)
          .containsExactly(2L, 1L, 2L, 3L);
      assertThat(made.after().progress().framesSinceReset()).isEqualTo(3);
      assertThat(made.after().tensors()[0][0]).isEqualTo((2f / 2 + 3) / 2 + 4);
    }
  }

  @Test
  void aFrameWhoseStepIsNotFiniteFromTheInitialStateIsRejected() {
    step.brokenAt = 0;
    expectRejected(
        new GivenRecord(frame(0, 0, 0, 1), 0, Path.HIT), StreamState.START, Reason.NOT_FINITE, 1);
  }

  @Test
  void aKeyIsAStreamIdOfAtMostTheLongestLength() {
    assertThat(FrameAdvance.badKey(KEY)).isEmpty();
    assertThat(FrameAdvance.badKey(new byte[StreamPolicy.LONGEST_KEY])).isEmpty();
    assertThat(FrameAdvance.badKey(new byte[StreamPolicy.LONGEST_KEY + 1]).orElseThrow())
        .hasMessageContaining("a key of 1025 bytes");
    assertThat(FrameAdvance.badKey(null).orElseThrow()).hasMessage("the record has no key");
  }
}
