package io.gatestream.lookahead;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.schema.Frame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MicroBatcherTest {
  private static final int RECORDS = 400;
  private static final int ROUNDS = 500;

  private final FakeFrames frames = new FakeFrames();

  /** Many threads, workers and stream threads, with encodes that fail: nobody hangs. */
  @Test
  void everyFutureCompletesAndEverySlotComesBack() throws Exception {
    long seed = System.nanoTime();
    System.out.println("MicroBatcherTest seed " + seed);
    for (int[] shape :
        new int[][] {{1, 1, 6}, {1, 4, 9}, {3, 1, 9}, {3, 5, 20}, {1, 8, 4}, {2, 64, 30}}) {
      stress(new FakeFrames.Encoder(shape[1], shape[0]), shape[2], seed);
    }
  }

  private void stress(FakeFrames.Encoder encoder, int slots, long seed) throws Exception {
    PixelPool pool = new PixelPool(slots, FakeFrames.PICTURE_BYTES, 3);
    CompletableFuture<LeftOvers> leftOvers = new CompletableFuture<>();
    MicroBatcher batcher =
        new MicroBatcher(
            encoder,
            pool,
            FakeFrames.PICTURE_BYTES,
            () -> leftOvers.join().call(),
            new SimpleMeterRegistry());
    try (LeftOvers spare = new LeftOvers(batcher::drain)) {
      leftOvers.complete(spare);
      List<CompletableFuture<Integer>> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        boolean streamThread = i < 3;
        Random random = new Random(seed + i);
        threads.add(started(() -> submitAll(pool, batcher, streamThread, random)));
      }
      int good = 0;
      for (CompletableFuture<Integer> thread : threads) {
        good += thread.get(50, TimeUnit.SECONDS);
      }
      assertThat(good).as("records without a failure, seed %d", seed).isPositive();
    }
    batcher.drain(); // results may be known before the last batch has given its slots back
    assertThat(pool.available()).as("seed %d", seed).isEqualTo(slots);
  }

  private static CompletableFuture<Integer> started(java.util.concurrent.Callable<Integer> call) {
    CompletableFuture<Integer> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(call.call());
              } catch (Throwable failure) {
                result.completeExceptionally(failure);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  /**
   * Submits records of several pictures; a stream thread waits for each, a worker for none, and it
   * drains now and then as if nothing were waiting to be decoded.
   */
  private int submitAll(PixelPool pool, MicroBatcher batcher, boolean streamThread, Random random)
      throws Exception {
    List<String> contents = new ArrayList<>();
    List<CompletableFuture<EncodedRecord>> results = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      StringBuilder content = new StringBuilder();
      for (int j = random.nextInt(5); j >= 0; j--) {
        content.append(random.nextInt(200) == 0 ? '?' : (char) ('a' + random.nextInt(26)));
      }
      CompletableFuture<EncodedRecord> result = new CompletableFuture<>();
      submit(content.toString(), pool, batcher, streamThread, random, result);
      contents.add(content.toString());
      results.add(result);
      if (streamThread) {
        result.handle((record, failure) -> 0).get(50, TimeUnit.SECONDS);
      } else if (i == RECORDS - 1 || random.nextInt(50) == 0) {
        batcher.drain();
      }
    }
    int good = 0;
    for (int i = 0; i < results.size(); i++) {
      try {
        String features = FakeFrames.text(results.get(i).get(50, TimeUnit.SECONDS));
        assertThat(features).isEqualTo(contents.get(i));
        good++;
      } catch (ExecutionException e) {
        // of a failed batch, or damaged on purpose
      }
    }
    return good;
  }

  private void submit(
      String content,
      PixelPool pool,
      MicroBatcher batcher,
      boolean streamThread,
      Random random,
      CompletableFuture<EncodedRecord> result) {
    Frame frame = frames.decode(FakeFrames.value(content));
    PictureCollector collector =
        new PictureCollector(
            frame.getFrameCount(), PictureFilter.ALL, pool, batcher, streamThread, result);
    for (int i = 0; i < content.length(); i++) {
      ByteBuffer place = collector.place(i, i, i).orElseThrow();
      if (random.nextInt(300) == 0) {
        collector.fail(new IllegalStateException("damaged in the middle on purpose"));
        return;
      }
      place.put(0, (byte) content.charAt(i));
      collector.filled(i);
    }
    collector.finish();
  }

  /** Workers, a stream thread and a close that meet in every order, many times over. */
  @Test
  void closingAmidSubmissionsCompletesEveryRecordOnceAndFreesItsSlot() throws Exception {
    long seed = System.nanoTime();
    for (int round = 0; round < ROUNDS; round++) {
      PixelPool pool = new PixelPool(5, FakeFrames.PICTURE_BYTES, 1);
      AtomicBoolean leftOver = new AtomicBoolean();
      MicroBatcher batcher =
          new MicroBatcher(
              new FakeFrames.Encoder(2, 1),
              pool,
              FakeFrames.PICTURE_BYTES,
              () -> leftOver.set(true),
              new SimpleMeterRegistry());
      boolean closes = round % 2 == 0;
      CyclicBarrier start = new CyclicBarrier(closes ? 4 : 3);
      List<CompletableFuture<EncodedRecord>> results = new ArrayList<>();
      List<CompletableFuture<Integer>> threads = new ArrayList<>();
      for (String content : List.of("a", "?", "b")) {
        CompletableFuture<EncodedRecord> result = new CompletableFuture<>();
        results.add(result);
        Random none = new Random(seed + round);
        threads.add(
            started(
                () -> {
                  start.await();
                  boolean streamThread = content.equals("b");
                  submit(content, pool, batcher, streamThread, none, result);
                  if (!streamThread) {
                    batcher.drain();
                  }
                  return 0;
                }));
      }
      if (closes) {
        threads.add(
            started(
                () -> {
                  start.await();
                  batcher.close();
                  return 0;
                }));
      }
      for (CompletableFuture<Integer> thread : threads) {
        thread.get(50, TimeUnit.SECONDS);
      }
      if (leftOver.get()) {
        batcher.drain();
      }
      assertThat(results).as("round %d", round).allMatch(CompletableFuture::isDone);
      assertThat(results.get(1)).isCompletedExceptionally();
      assertThat(pool.available()).as("round %d", round).isEqualTo(5);
    }
  }

  @Test
  void closingFailsWhatIsReadyAndWhatComesAfter() throws Exception {
    PixelPool pool = new PixelPool(4, FakeFrames.PICTURE_BYTES, 1);
    MicroBatcher batcher =
        new MicroBatcher(
            new FakeFrames.Encoder(1, 1),
            pool,
            FakeFrames.PICTURE_BYTES,
            () -> {},
            new SimpleMeterRegistry());
    batcher.close();
    for (boolean streamThread : new boolean[] {true, false}) {
      CompletableFuture<EncodedRecord> result = new CompletableFuture<>();
      submit("a", pool, batcher, streamThread, new Random(1), result);
      assertThat(result).isCompletedExceptionally();
    }
    assertThat(pool.available()).isEqualTo(4);
  }
}
