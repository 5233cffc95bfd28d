package io.gatestream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class UsageLogTest {
  @Test
  void betweenTwoReadingsUsageGrowsEvenly() {
    UsageLog log = new UsageLog();
    log.add(-1_000, new Usage(100, 10, 4_000));
    log.add(3_000, new Usage(500, 10, 8_000));
    log.add(4_000, new Usage(500, 20, 8_000));

    assertThat(log.at(-1_000)).isEqualTo(new Usage(100, 10, 4_000));
    assertThat(log.at(0)).isEqualTo(new Usage(200, 10, 5_000));
    assertThat(log.at(3_000)).isEqualTo(new Usage(500, 10, 8_000));
    assertThat(log.at(3_500)).isEqualTo(new Usage(500, 15, 8_000));
  }

  @Test
  void aMomentWithoutReadingsAroundItIsRefused() {
    UsageLog log = new UsageLog();
    log.add(5, new Usage(1, 1, 1));

    assertThatThrownBy(() -> log.at(4)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> log.at(6)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aReadingIsDueAtFirstAndAfterAWhile() {
    UsageLog log = new UsageLog();
    assertThat(log.isOlderThan(200, 0)).isTrue();
    log.add(0, new Usage(1, 1, 1));
    assertThat(log.isOlderThan(200, 199)).isFalse();
    assertThat(log.isOlderThan(200, 200)).isTrue();
  }
}
