package io.gatestream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gatestream.errors.OutageException;
import org.junit.jupiter.api.Test;

class PeerLogTest {
  private static final long START = 1_000_000;

  /**
   * The first label after 2 s, then slow for 3 s, then 100 a second. From the fifth second on a
   * frame takes 5 ms of the peer and 1 ms of the broker; the bench uses a tenth of a core and
   * others a half.
   */
  private static PeerLog log(long labels) {
    PeerLog log = new PeerLog(START);
    long at = START + 2_000;
    for (long n = 0; n < labels; n++) {
      log.appended(at);
      at += at < START + 5_000 ? 100 : 10;
    }
    for (long t = 0; t <= 20_000; t += 100) {
      long busy = Math.max(0, t - 5_000);
      long peer = busy * 500_000;
      long broker = busy * 100_000;
      long bench = t * 100_000;
      log.read(
          START + t, new PeerLog.Cpu(peer, broker, bench, peer + broker + bench + t * 500_000));
    }
    log.resident(100);
    log.resident(300);
    log.resident(200);
    return log;
  }

  @Test
  void theSpanBeginsAfterTheWarmUpAndEveryFigureIsOfIt() {
    PeerTurn turn = log(2_000).steady(4, 5, 2_000);

    assertThat(turn.fps()).isCloseTo(100, within(0.5));
    assertThat(turn.cpuMicros()).isCloseTo(5_000, within(25.0));
    assertThat(turn.brokerMicros()).isCloseTo(1_000, within(5.0));
    assertThat(turn.otherCores()).isCloseTo(0.5, within(0.01));
    assertThat(turn.residentBytes()).isEqualTo(200);
    assertThat(turn.peakBytes()).isEqualTo(300);
    assertThat(turn.firstLabelSeconds()).isEqualTo(2);
    // the check can fail: the slow start has another rate
    assertThat(log(2_000).steady(0, 5, 2_000).fps()).isLessThan(80);
  }

  @Test
  void aTopicThatRunsDryEndsTheSpanBefore() {
    // 95 % of the frames are labelled 9 s after the first; nothing comes from 10 s on
    PeerTurn turn = log(630).steady(4, 8, 630);

    assertThat(turn.fps()).isCloseTo(100, within(1.0));
  }

  @Test
  void tooFewFramesAreNoFigure() {
    assertThatThrownBy(() -> log(200).steady(4, 5, 200))
        .isInstanceOf(OutageException.class)
        .hasMessageContaining("200 frames were too few");
    assertThatThrownBy(() -> log(10).between(START + 10_000, START + 12_000))
        .isInstanceOf(OutageException.class)
        .hasMessageContaining("no frame was labelled");
  }

  @Test
  void drainingCountsFromTheFirstLabelToTheLast() {
    // 30 in 3 s, then 300 in 3 s
    PeerTurn turn = log(331).drained();

    assertThat(turn.fps()).isCloseTo(55, within(1.0));
  }
}
