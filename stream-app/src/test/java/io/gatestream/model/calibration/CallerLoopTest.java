package io.gatestream.model.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.errors.OutageException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CallerLoopTest {
  /** Each thread has a clock of its own, which a call moves on by a millisecond. */
  private final ThreadLocal<Long> clock = ThreadLocal.withInitial(() -> 0L);

  private final CallerLoop loop = new CallerLoop(clock::get, 0, 20_000_000);

  private int call(int pictures) {
    clock.set(clock.get() + 1_000_000);
    return pictures;
  }

  @Test
  void theRateIsThatOfAllThreadsTogether() throws Exception {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CyclicBarrier all = new CyclicBarrier(3);
    AtomicInteger first = new AtomicInteger();
    double rate =
        loop.rate(
            3,
            () -> {
              threads.add(Thread.currentThread());
              if (first.incrementAndGet() <= 3) {
                await(all); // the threads really run at once
              }
              return call(4);
            });
    assertThat(rate).isEqualTo(3 * 4 * 1_000.0);
    assertThat(threads).hasSize(3);
    join(threads);
  }

  /** Each has nothing left to do, so this is soon over; else the test's own limit ends it. */
  private static void join(Set<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aCallThatFailsEndsAllThreads() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    assertThatThrownBy(
            () ->
                loop.rate(
                    2,
                    () -> {
                      threads.add(Thread.currentThread());
                      if (calls.incrementAndGet() == 5) {
                        throw new IllegalStateException("out of memory");
                      }
                      return call(1);
                    }))
        .isInstanceOf(OutageException.class)
        .hasMessageContaining("out of memory");
    join(threads);
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CallerLoop endless = new CallerLoop(() -> 0, 0, 1);
    AtomicInteger interrupted = new AtomicInteger();
    Thread measuring =
        new Thread(
            () -> {
              try {
                endless.rate(
                    2,
                    () -> {
                      begun.countDown();
                      return 1;
                    });
              } catch (InterruptedException e) {
                interrupted.incrementAndGet();
              }
            });
    measuring.start();
    begun.await();
    measuring.interrupt();
    measuring.join();
    assertThat(interrupted).hasValue(1);
  }
}
