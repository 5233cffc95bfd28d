package io.gatestream.lookahead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PixelPoolTest {
  @Test
  void keptSlotsAreForStreamThreadsOnly() throws Exception {
    PixelPool pool = new PixelPool(2, 12, 1);
    ByteBuffer first = pool.acquire(false);
    CompletableFuture<ByteBuffer> worker = waiting(() -> pool.acquire(false));
    ByteBuffer kept = pool.acquire(true);
    assertThat(kept).isNotSameAs(first);
    assertThat(worker).isNotDone();
    pool.release(first);
    assertThat(pool.available()).as("the only free slot is the kept one's place").isEqualTo(1);
    assertThat(worker).isNotDone();
    pool.release(kept);
    assertThat(worker.get(20, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void aWaiterThatIsInterruptedLeaves() throws Exception {
    PixelPool pool = new PixelPool(2, 12, 1);
    ByteBuffer only = pool.acquire(false);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread worker =
        new Thread(
            () -> {
              try {
                pool.acquire(false);
                interrupted.complete(false);
              } catch (InterruptedException e) {
                interrupted.complete(true);
              }
            });
    worker.start();
    worker.interrupt();
    assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
    pool.release(only);
    assertThat(pool.available()).isEqualTo(2);
  }

  @Test
  void slotsAreDirectAndOfTheSizeAskedFor() throws Exception {
    ByteBuffer slot = new PixelPool(2, 48, 1).acquire(true);
    assertThat(slot.isDirect()).isTrue();
    assertThat(slot.remaining()).isEqualTo(48);
  }

  @Test
  void aPoolWithoutASlotForWorkersIsRefused() {
    assertThatThrownBy(() -> new PixelPool(2, 48, 2))
        .hasMessageContaining("2 pixel slots, of which 2 are kept");
  }

  private interface Call {
    ByteBuffer run() throws InterruptedException;
  }

  private static CompletableFuture<ByteBuffer> waiting(Call call) throws InterruptedException {
    CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(call.run());
              } catch (InterruptedException e) {
                result.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return result;
  }
}
