package io.gatestream.clip;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameIndexTest {
  private static final long SECOND = 1_000_000;

  /** From second 10 to second 20. */
  private static ClipSpan span(OptionalLong session) {
    return new ClipSpan(
        "door", OptionalInt.empty(), session, Instant.ofEpochSecond(10), Instant.ofEpochSecond(20));
  }

  private static FrameIndex index(List<IndexedFrame> frames) {
    return FrameIndex.of(frames, span(OptionalLong.empty()));
  }

  /** A picture a second, from one second to another. */
  private static List<IndexedFrame> pictures(long session, int from, int to) {
    List<IndexedFrame> frames = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      frames.add(new IndexedFrame(0, frames.size(), session, i, 1, i * SECOND, false));
    }
    return frames;
  }

  private static IndexedFrame segment(long sequence, int count, long second) {
    return new IndexedFrame(0, sequence, 1, sequence, count, second * SECOND, true);
  }

  private static List<Long> seconds(FrameIndex index) {
    return index.frames().stream().map(frame -> frame.captured() / SECOND).toList();
  }

  @Test
  void picturesOfTheSpanComeInTheirOrderWhateverThatOfTheTopicIs() {
    List<IndexedFrame> mixed = pictures(1, 5, 25);
    Collections.shuffle(mixed, new Random(7));

    FrameIndex index = index(mixed);

    assertThat(seconds(index))
        .containsExactly(10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L);
    assertThat(index.repeated()).isZero();
    assertThat(index.missing()).isZero();
  }

  @Test
  void aFrameThatWasSentTwiceIsThereOnce() {
    List<IndexedFrame> frames = pictures(1, 10, 20);
    frames.add(new IndexedFrame(0, 100, 1, 12, 1, 12 * SECOND, false));

    FrameIndex index = index(frames);

    assertThat(index.frames()).hasSize(11).doesNotHaveDuplicates();
    assertThat(index.frames().get(2).offset()).isEqualTo(2);
    assertThat(index.repeated()).isEqualTo(1);
  }

  @Test
  void holesOfTheSpanAreCountedAndOthersAreNot() {
    List<IndexedFrame> frames = pictures(1, 5, 25);
    frames.removeIf(frame -> List.of(7L, 13L, 14L, 18L, 22L).contains(frame.sequence()));

    FrameIndex index = index(frames);

    assertThat(index.missing()).isEqualTo(3);
    assertThat(index.missingAfter()).hasValue(12 * SECOND);
  }

  @Test
  void aRestartedProducerIsNoHole() {
    List<IndexedFrame> frames = pictures(1, 10, 14);
    for (int i = 0; i < 5; i++) {
      frames.add(new IndexedFrame(0, 50 + i, 2, i, 1, (15 + i) * SECOND, false));
    }

    FrameIndex index = index(frames);

    assertThat(seconds(index)).containsExactly(10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L);
    assertThat(index.missing()).isZero();
  }

  @Test
  void ofTheSameTimeTheNewerSessionIsShown() {
    List<IndexedFrame> frames = pictures(1, 10, 20);
    frames.addAll(pictures(2, 12, 15));

    FrameIndex index = index(frames);

    assertThat(index.frames().stream().map(IndexedFrame::session).toList())
        .isEqualTo(Arrays.asList(1L, 1L, 2L, 2L, 2L, 2L, 1L, 1L, 1L, 1L, 1L));
    assertThat(index.repeated()).isEqualTo(4);
    assertThat(index.missing()).isZero();
  }

  @Test
  void ofTheSameTimeTheSessionOfTheEventIsShown() {
    List<IndexedFrame> frames = pictures(1, 10, 20);
    frames.addAll(pictures(2, 12, 15));

    FrameIndex index = FrameIndex.of(frames, span(OptionalLong.of(1)));

    assertThat(index.frames()).hasSize(11).allMatch(frame -> frame.session() == 1);
  }

  @Test
  void aSegmentThatLastsIntoTheSpanBelongsToIt() {
    List<IndexedFrame> segments =
        List.of(segment(0, 4, 2), segment(4, 4, 6), segment(8, 8, 8), segment(16, 8, 18));

    assertThat(seconds(index(segments))).containsExactly(8L, 18L);
  }

  @Test
  void aSegmentMayLastIntoTheSpanWhereNoneFollowsIt() {
    List<IndexedFrame> segments = List.of(segment(0, 4, 2), segment(4, 4, 6), segment(50, 4, 15));

    FrameIndex index = index(segments);

    assertThat(seconds(index)).containsExactly(6L, 15L);
  }
}
