package io.gatestream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchSizesTest {
  @Test
  void bucketsArePowersOfTwoAndTheLargest() {
    assertThat(BatchSizes.buckets(1).ascending()).containsExactly(1);
    assertThat(BatchSizes.buckets(8).ascending()).containsExactly(1, 2, 4, 8);
    assertThat(BatchSizes.buckets(20).ascending()).containsExactly(1, 2, 4, 8, 16, 20);
  }

  @Test
  void aBucketIsPaddedUpToTheNext() {
    BatchSizes sizes = BatchSizes.buckets(20);
    assertThat(sizes.take(5)).isEqualTo(5);
    assertThat(sizes.dimension(5)).isEqualTo(8);
    assertThat(sizes.dimension(17)).isEqualTo(20);
    assertThat(sizes.take(30)).isEqualTo(20);
  }

  @Test
  void exactSizesCutAndNeverPad() {
    BatchSizes sizes = BatchSizes.exact(List.of(4, 1, 8));
    assertThat(sizes.ascending()).containsExactly(1, 4, 8);
    assertThat(sizes.take(7)).isEqualTo(4);
    assertThat(sizes.take(3)).isEqualTo(1);
    assertThat(sizes.dimension(4)).isEqualTo(4);
  }

  @Test
  void aListWithoutOneIsRefused() {
    assertThatThrownBy(() -> BatchSizes.exact(List.of(2, 4)))
        .hasMessage("batch sizes [2, 4] lack 1");
    assertThatThrownBy(() -> BatchSizes.exact(List.of())).hasMessage("batch sizes [] lack 1");
  }

  @Property
  void everyPictureIsTakenOnceInRunsOfKnownShapes(
      @ForAll @IntRange(min = 1, max = 100) int largest,
      @ForAll @IntRange(min = 1, max = 300) int pictures,
      @ForAll boolean padded) {
    List<Integer> buckets = BatchSizes.buckets(largest).ascending();
    BatchSizes sizes = new BatchSizes(buckets, padded);
    int remaining = pictures;
    while (remaining > 0) {
      int taken = sizes.take(remaining);
      assertThat(taken).isBetween(1, remaining);
      assertThat(sizes.dimension(taken)).isGreaterThanOrEqualTo(taken).isIn(buckets);
      remaining -= taken;
    }
    assertThat(remaining).isZero();
  }
}
