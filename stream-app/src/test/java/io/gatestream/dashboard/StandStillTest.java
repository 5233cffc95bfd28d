package io.gatestream.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StandStillTest {
  private final StandStill partitions = new StandStill();

  @Test
  void timeCountsWhileRecordsWaitAndNothingIsCommitted() {
    assertThat(partitions.look(0, 10, 5, 1_000)).isZero();
    assertThat(partitions.look(0, 10, 8, 13_000)).isEqualTo(12_000);
    assertThat(partitions.look(1, 10, 8, 13_000)).as("another one").isZero();
    assertThat(partitions.look(0, 11, 8, 14_000)).as("progress").isZero();
    assertThat(partitions.look(0, 11, 8, 16_000)).isEqualTo(2_000);
  }

  @Test
  void aPartitionWithoutRecordsDoesNotStandStill() {
    assertThat(partitions.look(0, 10, 0, 1_000)).isZero();
    assertThat(partitions.look(0, 10, 0, 100_000)).isZero();
    assertThat(partitions.look(0, 10, 1, 101_000)).as("since the record came").isEqualTo(1_000);
  }
}
