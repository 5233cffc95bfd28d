package io.gatestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SourceTimelineTest {
  private static final long INTERVAL = 40_000;

  private final Damage damage = new Damage(false, text -> {});

  private List<Long> placed(List<Long> times) {
    SourceTimeline timeline = new SourceTimeline(INTERVAL, damage);
    List<Long> places = new ArrayList<>();
    for (int i = 0; i < times.size(); i++) {
      long next = i + 1 < times.size() ? times.get(i + 1) : times.get(i);
      places.add(
          timeline.place(times.get(i), timeline.asksForNext(times.get(i)) ? next : times.get(i)));
    }
    return places;
  }

  @Test
  void forwardTimesStayAlsoWhereSomethingIsMissing() {
    List<Long> times = List.of(20L, 40_020L, 3_600_000_000L, 3_600_040_000L);
    assertThat(placed(times)).isEqualTo(times);
    assertThat(damage.sentences()).isEmpty();
  }

  @Test
  void joinedTimesGoOnAfterOneInterval() {
    assertThat(placed(List.of(0L, 40_000L, 80_000L, 0L, 40_000L, 80_000L)))
        .containsExactly(0L, 40_000L, 80_000L, 120_000L, 160_000L, 200_000L);
    assertThat(damage.sentences()).containsExactly("times jumped back 1 times and were carried on");
  }

  @Test
  void aSingleWildTimeMovesOnlyItsOwnFrame() {
    for (long wild : List.of(7_200_000_000L, 10L)) {
      assertThat(placed(List.of(0L, 40_000L, 80_000L, wild, 160_000L, 200_000L)))
          .containsExactly(0L, 40_000L, 80_000L, 120_000L, 160_000L, 200_000L);
    }
    assertThat(placed(List.of(7_200_000_000L, 40_000L, 80_000L)))
        .as("also the first")
        .containsExactly(0L, 40_000L, 80_000L);
    assertThat(damage.sentences()).hasSize(1);
  }

  @Test
  void twoPicturesOfOneTimeShiftNothing() {
    assertThat(placed(List.of(0L, 40_000L, 40_000L, 80_000L, 70_000L, 120_000L)))
        .containsExactly(0L, 40_000L, 40_001L, 80_000L, 80_001L, 120_000L);
    assertThat(damage.sentences()).isEmpty();
  }

  @Property
  void placesAlwaysGrow(
      @ForAll @Size(max = 50) List<@LongRange(min = 0, max = 10_000_000) Long> times) {
    List<Long> places = placed(times);
    for (int i = 1; i < places.size(); i++) {
      assertThat(places.get(i)).isGreaterThan(places.get(i - 1));
    }
  }
}
