package io.gatestream.lookahead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.frame.FrameCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.frame.decode.PictureSink;
import io.gatestream.schema.Frame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LookaheadTest {
  private static final TopicPartition FRAMES = new TopicPartition("frames", 0);

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final List<Character> decoded = java.util.Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch mayDecode = new CountDownLatch(1);
  private final AtomicInteger parsed = new AtomicInteger();
  private FakeFrames.Encoder encoder = new FakeFrames.Encoder(1, 2);

  @SuppressWarnings("NullAway.Init") // each test opens its own
  private Lookahead lookahead;

  private Lookahead open(int workers, int slots, boolean hold) {
    Thread test = Thread.currentThread();
    lookahead =
        new Lookahead(
            "frames",
            new LookaheadSettings(workers, slots, 1),
            new FakeFrames(),
            FakeFrames.PICTURE_BYTES,
            FakeFrames.decoders(
                picture -> {
                  if (hold && Thread.currentThread() != test) {
                    await(mayDecode);
                  }
                  decoded.add(picture);
                }),
            encoder,
            Forecast.ALL,
            DecodeWatch.NONE,
            metrics);
    return lookahead;
  }

  @AfterEach
  void close() {
    mayDecode.countDown();
    lookahead.close();
  }

  @Test
  void aRecordNobodyOfferedIsMadeHere() throws Exception {
    open(2, 4, false);
    assertThat(take(0, FakeFrames.value("abc"))).isEqualTo("abc");
    assertThat(taken("here")).isEqualTo(1);
  }

  @Test
  void aFinishedRecordIsHandedOut() throws Exception {
    open(1, 4, false);
    byte[] value = FakeFrames.value("abc");
    offer(Map.of(5L, value));
    awaitDecoded(3);
    assertThat(take(5, value)).isEqualTo("abc");
    assertThat(decoded).as("decoded once").hasSize(3);
    assertThat(taken("here")).isZero();
  }

  @Test
  void aRecordThatNoWorkerHasStartedRunsOnTheStreamThread() throws Exception {
    open(1, 4, true);
    byte[] held = FakeFrames.value("x");
    byte[] wanted = FakeFrames.value("ab");
    offer(ordered(0, held, 1, wanted));
    // The only worker is stuck in the first record; the second must not wait for it.
    assertThat(take(1, wanted)).isEqualTo("ab");
    assertThat(taken("here")).isEqualTo(1);
  }

  @Test
  void workDoneFromAnotherArrayDoesNotCount() throws Exception {
    open(1, 4, false);
    offer(Map.of(0L, FakeFrames.value("old")));
    awaitDecoded(3);
    assertThat(take(0, FakeFrames.value("new"))).isEqualTo("new");
    assertThat(taken("here")).isEqualTo(1);
  }

  @Test
  void aRecordPolledAgainReplacesTheFirst() throws Exception {
    open(1, 4, false);
    byte[] second = FakeFrames.value("b");
    offer(ordered(0, FakeFrames.value("a"), 1, FakeFrames.value("x")));
    offer(Map.of(0L, second));
    while (!decoded.contains('b')) {
      Thread.sleep(1);
    }
    assertThat(take(0, second)).isEqualTo("b");
    assertThat(taken("here")).as("the work of the second fetch is used").isZero();
  }

  @Test
  void takingForgetsAllBefore() throws Exception {
    open(1, 4, true);
    byte[] first = FakeFrames.value("a");
    byte[] last = FakeFrames.value("b");
    offer(ordered(0, FakeFrames.value("x"), 1, first, 2, last));
    assertThat(take(2, last)).isEqualTo("b");
    assertThat(take(1, first)).as("forgotten, so made here").isEqualTo("a");
    assertThat(taken("here")).isEqualTo(2);
  }

  @Test
  void purgedAndPassedRecordsAreForgotten() throws Exception {
    open(1, 4, true);
    byte[] a = FakeFrames.value("a");
    byte[] b = FakeFrames.value("b");
    offer(ordered(0, FakeFrames.value("x"), 1, a, 2, b));
    lookahead.passed(FRAMES, 1);
    lookahead.purge(FRAMES);
    mayDecode.countDown();
    assertThat(take(1, a)).isEqualTo("a");
    assertThat(take(2, b)).isEqualTo("b");
    assertThat(taken("here")).isEqualTo(2);
  }

  @Test
  void anotherTopicAndNullValuesAreIgnored() throws Exception {
    open(1, 4, false);
    TopicPartition other = new TopicPartition("other", 0);
    lookahead.offer(
        new ConsumerRecords<>(
            Map.of(
                other,
                List.of(new ConsumerRecord<>("other", 0, 0, new byte[0], FakeFrames.value("!"))),
                FRAMES,
                List.of(new ConsumerRecord<byte[], byte[]>("frames", 0, 0, new byte[0], null))),
            Map.of()));
    assertThat(take(1, FakeFrames.value("a"))).isEqualTo("a");
    assertThat(decoded).containsExactly('a');
  }

  @Test
  void aBadRecordIsBadOnEveryPath() throws Exception {
    open(1, 4, false);
    byte[] bad = FakeFrames.value("ab!");
    assertThatThrownBy(() -> take(0, bad)).isInstanceOf(FrameDecodeException.class);
    offer(Map.of(1L, bad));
    awaitDecoded(6);
    assertThatThrownBy(() -> take(1, bad)).isInstanceOf(FrameDecodeException.class);
    assertThat(take(2, FakeFrames.value("c"))).as("no slot is lost").isEqualTo("c");
    awaitFreeSlots(4);
  }

  @Test
  void anEncoderThatFailsAheadIsTriedAgainHere() throws Exception {
    open(1, 4, false);
    byte[] value = FakeFrames.value("?");
    offer(Map.of(0L, value));
    awaitDecoded(1);
    assertThatThrownBy(() -> take(0, value)).hasMessageContaining("on purpose");
    assertThat(decoded).as("ahead, then here").hasSize(2);
    awaitFreeSlots(4);
  }

  @Test
  void unwantedPicturesAreNotEncoded() throws Exception {
    open(0, 2, false);
    EncodedRecord record =
        lookahead
            .record(FRAMES, 0, FakeFrames.value("abcd"))
            .pictures((index, time) -> index % 2 == 1);
    assertThat(FakeFrames.text(record)).isEqualTo(".b.d");
    assertThat(encoder.batches).hasSize(2);
  }

  /** The interceptor's guess is the filter of a worker: it wants the first picture only. */
  @Test
  void picturesThatAWrongGuessLeftOutAreMadeHereAndTheFilterIsAskedOnceForEach() throws Exception {
    lookahead =
        new Lookahead(
            "frames",
            new LookaheadSettings(1, 4, 1),
            new CountingFrames(),
            FakeFrames.PICTURE_BYTES,
            FakeFrames.decoders(decoded::add),
            encoder,
            new Forecast() {
              @Override
              public boolean expects(String stream, long captureTime) {
                return true;
              }

              @Override
              public PictureFilter withinRecord() {
                return (index, captureTime) -> index == 0;
              }
            },
            DecodeWatch.NONE,
            metrics);
    byte[] value = FakeFrames.value("abcd");
    offer(Map.of(0L, value));
    awaitDecoded(4);
    List<Integer> asked = new ArrayList<>();
    FrameRecord record = lookahead.record(FRAMES, 0, value);
    EncodedRecord pictures =
        record.pictures(
            (index, captureTime) -> {
              asked.add(index);
              return index % 2 == 1;
            });
    assertThat(FakeFrames.text(pictures)).isEqualTo("ab.d");
    assertThat(asked).containsExactly(0, 1, 2, 3);
    assertThat(record.frame().getFrameCount()).isEqualTo(4);
    assertThat(parsed).as("ahead, and for nobody again").hasValue(1);
    assertThat(taken("here")).isZero();
  }

  @Test
  void aRecordIsParsedOnceWhetherAheadOrHere() throws Exception {
    lookahead =
        new Lookahead(
            "frames",
            new LookaheadSettings(1, 4, 1),
            new CountingFrames(),
            FakeFrames.PICTURE_BYTES,
            FakeFrames.decoders(decoded::add),
            encoder,
            Forecast.ALL,
            DecodeWatch.NONE,
            metrics);
    byte[] hit = FakeFrames.value("a");
    offer(Map.of(0L, hit));
    awaitDecoded(1);
    int offset = 0;
    for (byte[] value : List.of(hit, FakeFrames.value("b"), FakeFrames.value("!"))) {
      FrameRecord record = lookahead.record(FRAMES, offset++, value);
      assertThat(record.frame()).isSameAs(record.frame());
      try {
        record.pictures(PictureFilter.ALL);
      } catch (FrameDecodeException bad) {
        assertThat(bad.reason()).isEqualTo(FrameDecodeException.Reason.CORRUPT);
      }
    }
    assertThat(parsed).as("a hit, a miss, a bad one").hasValue(3);
  }

  /** Counts how often it parses. */
  private final class CountingFrames implements FrameCodec {
    private final FakeFrames frames = new FakeFrames();

    @Override
    public byte[] encode(Frame frame) {
      return frames.encode(frame);
    }

    @Override
    public Frame decode(byte[] value) {
      parsed.incrementAndGet();
      return frames.decode(value);
    }
  }

  @Test
  void aLongRecordNeedsOneSlotOnly() throws Exception {
    open(0, 2, false);
    assertThat(take(0, FakeFrames.value("abcdefghij".repeat(20)))).hasSize(200);
  }

  @Test
  void aBusyEncoderMakesBatches() throws Exception {
    encoder = new FakeFrames.Encoder(8, 1);
    CountDownLatch firstCall = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    encoder.before =
        () -> {
          firstCall.countDown();
          await(goOn);
        };
    open(3, 32, false);
    Map<Long, byte[]> polled = new LinkedHashMap<>();
    for (long offset = 0; offset < 9; offset++) {
      polled.put(offset, FakeFrames.value(String.valueOf((char) ('a' + offset))));
    }
    offer(Map.of(0L, polled.get(0L)));
    await(firstCall); // with the only picture there is
    Map<Long, byte[]> later = new LinkedHashMap<>(polled);
    later.remove(0L);
    offer(later);
    awaitDecoded(9);
    goOn.countDown();
    for (Map.Entry<Long, byte[]> entry : polled.entrySet()) {
      assertThat(take(entry.getKey(), entry.getValue()))
          .isEqualTo(String.valueOf((char) ('a' + entry.getKey())));
    }
    List<Integer> sizes = List.copyOf(encoder.batches);
    assertThat(sizes.get(0)).isEqualTo(1);
    assertThat(sizes.size()).as("calls, of %s pictures", sizes).isLessThan(9);
  }

  @Test
  void aWorkerGathersBatchesWhileMoreRecordsWaitAndEncodesTheRestWhenNoneDoes() throws Exception {
    encoder = new FakeFrames.Encoder(4, 1);
    open(1, 16, true);
    Map<Long, byte[]> polled = singles("abcdefghi");
    offer(polled);
    mayDecode.countDown(); // the worker is at the first, and all others wait
    awaitEncoded(9);
    assertThat(encoder.batches).containsExactly(4, 4, 1);
    takeAll(polled);
    assertThat(taken("here")).isZero();
  }

  @Test
  void aFullBatchIsEncodedBeforeTheNextPictureIsDecoded() throws Exception {
    encoder = new FakeFrames.Encoder(2, 1);
    List<Integer> before = java.util.Collections.synchronizedList(new ArrayList<>());
    lookahead =
        new Lookahead(
            "frames",
            new LookaheadSettings(1, 8, 1),
            new FakeFrames(),
            FakeFrames.PICTURE_BYTES,
            FakeFrames.decoders(
                picture -> {
                  if (picture == 'c') {
                    before.addAll(encoder.batches);
                  }
                }),
            encoder,
            Forecast.ALL,
            DecodeWatch.NONE,
            metrics);
    offer(Map.of(0L, FakeFrames.value("abc")));
    awaitEncoded(3);
    assertThat(before).containsExactly(2);
  }

  /** Nothing waits for a record that has not been polled. */
  @Test
  void aRecordAloneIsEncodedAtOnce() throws Exception {
    encoder = new FakeFrames.Encoder(8, 1);
    open(2, 40, false);
    offer(singles("a"));
    awaitEncoded(1);
    assertThat(encoder.batches).containsExactly(1);
  }

  @Test
  void thePicturesOfASegmentAreEncodedInBatchesAheadAndHere() throws Exception {
    encoder = new FakeFrames.Encoder(4, 1);
    open(1, 16, true);
    byte[] segment = FakeFrames.value("abcdefghij");
    assertThat(take(9, segment)).isEqualTo("abcdefghij");
    assertThat(encoder.batches).as("here").containsExactly(4, 4, 2);
    encoder.batches.clear();
    offer(Map.of(10L, segment));
    mayDecode.countDown();
    awaitEncoded(10);
    assertThat(encoder.batches).as("ahead").containsExactly(4, 4, 2);
  }

  @Test
  void withTheFewestSlotsNobodyWaitsForPicturesThatItHoldsBack() throws Exception {
    encoder = new FakeFrames.Encoder(4, 1);
    open(1, 2, true);
    Map<Long, byte[]> polled = singles("abcde");
    offer(polled);
    mayDecode.countDown();
    awaitEncoded(5);
    assertThat(encoder.batches).as("one slot for workers").containsExactly(1, 1, 1, 1, 1);
    takeAll(polled);
    encoder.batches.clear();
    assertThat(take(9, FakeFrames.value("fghij"))).isEqualTo("fghij");
    assertThat(encoder.batches).as("both slots").containsExactly(2, 2, 1);
  }

  @Test
  void aBadRecordEndsTheHoldingBack() throws Exception {
    encoder = new FakeFrames.Encoder(4, 1);
    open(1, 16, true);
    offer(singles("ab!de"));
    mayDecode.countDown();
    awaitEncoded(4);
    assertThat(encoder.batches).containsExactly(2, 2);
    awaitFreeSlots(16);
  }

  /** A segment may take seconds. */
  @Test
  void whatIsHeldBackIsEncodedBeforeASegmentIsBegun() throws Exception {
    encoder = new FakeFrames.Encoder(4, 1);
    open(1, 16, true);
    offer(values("a", "b", "cde", "f"));
    mayDecode.countDown();
    awaitEncoded(6);
    assertThat(encoder.batches).containsExactly(2, 4);
  }

  @Test
  void whatAWorkerThatEndsHeldBackIsEncodedAndItsRecordIsLeftToTheStreamThread() throws Exception {
    encoder = new FakeFrames.Encoder(4, 1);
    AtomicInteger asked = new AtomicInteger();
    lookahead =
        new Lookahead(
            "frames",
            new LookaheadSettings(1, 8, 1),
            new FakeFrames(),
            FakeFrames.PICTURE_BYTES,
            FakeFrames.decoders(
                picture -> {
                  if (picture == 'a') {
                    await(mayDecode);
                  }
                }),
            encoder,
            new Forecast() {
              @Override
              public boolean expects(String stream, long captureTime) {
                return true;
              }

              @Override
              public PictureFilter withinRecord() {
                if (asked.incrementAndGet() == 2) {
                  throw new IllegalStateException("fails on purpose");
                }
                return PictureFilter.ALL;
              }
            },
            DecodeWatch.NONE,
            metrics);
    Map<Long, byte[]> polled = singles("abc");
    offer(polled);
    mayDecode.countDown();
    awaitEncoded(1);
    takeAll(polled);
    assertThat(taken("here")).as("b and c").isEqualTo(2);
  }

  @Test
  void closingFailsWhatAWorkerHoldsBack() throws Exception {
    encoder = new FakeFrames.Encoder(4, 1);
    CountDownLatch offered = new CountDownLatch(1); // else 'a' is alone, and held back for nothing
    CountDownLatch second = new CountDownLatch(1);
    lookahead =
        new Lookahead(
            "frames",
            new LookaheadSettings(1, 8, 1),
            new FakeFrames(),
            FakeFrames.PICTURE_BYTES,
            FakeFrames.decoders(
                picture -> {
                  await(offered);
                  if (picture == 'b') {
                    second.countDown();
                    await(mayDecode);
                  }
                }),
            encoder,
            Forecast.ALL,
            DecodeWatch.NONE,
            metrics);
    byte[] a = FakeFrames.value("a");
    CompletableFuture<String> waiting =
        onAnotherThread(
            () -> {
              offer(ordered(0, a, 1, FakeFrames.value("b")));
              offered.countDown();
              await(second);
              try {
                return take(0, a);
              } catch (LookaheadClosedException e) {
                return "closed";
              } finally {
                lookahead.leave();
              }
            });
    await(second);
    while (taken("waited") == 0) {
      Thread.sleep(1);
    }
    lookahead.close();
    assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo("closed");
    assertThat(encoder.batches).isEmpty();
  }

  @Test
  void afterLeavingNothingOfTheConsumerIsLeft() throws Exception {
    open(1, 4, false);
    byte[] value = FakeFrames.value("a");
    offer(Map.of(0L, value));
    awaitDecoded(1);
    lookahead.leave();
    assertThat(take(0, value)).isEqualTo("a");
    assertThat(taken("here")).isEqualTo(1);
  }

  /** Else the second thread would wait for a picture that nobody encodes. */
  @Test
  void withoutWorkersOneStreamThreadsPicturesAreNotLeftByAnother() throws Exception {
    encoder = new FakeFrames.Encoder(1, 1);
    CountDownLatch goOn = new CountDownLatch(1);
    encoder.before = () -> await(goOn);
    open(0, 4, false);
    CompletableFuture<String> first = onAnotherThread(() -> take(0, FakeFrames.value("a")));
    awaitDecoded(1);
    CompletableFuture<String> second = onAnotherThread(() -> take(1, FakeFrames.value("b")));
    awaitSlotsInUse(2, 4);
    goOn.countDown();
    assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("a");
    assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo("b");
  }

  /** The worker waits for a slot, the slots wait for a caller, the caller has left. */
  @Test
  void whatAStreamThreadLeavesIsEncodedThoughEveryWorkerWaitsForASlot() throws Exception {
    encoder = new FakeFrames.Encoder(1, 1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch encoding = new CountDownLatch(1);
    encoder.before =
        () -> {
          encoding.countDown();
          await(goOn);
        };
    open(1, 3, false);
    CompletableFuture<String> own = onAnotherThread(() -> take(99, FakeFrames.value("x")));
    await(encoding); // x has the only caller
    byte[] a = FakeFrames.value("a");
    offer(ordered(0, a, 1, FakeFrames.value("b"), 2, FakeFrames.value("c")));
    awaitDecoded(3); // x, a and b, for which the worker waits for a slot
    CompletableFuture<String> other = onAnotherThread(() -> take(98, FakeFrames.value("z")));
    awaitSlotsInUse(3, 3);
    goOn.countDown();
    assertThat(own.get(30, TimeUnit.SECONDS)).isEqualTo("x");
    assertThat(other.get(30, TimeUnit.SECONDS)).isEqualTo("z");
    assertThat(take(0, a)).isEqualTo("a");
  }

  @Test
  void closingUnderARunningStreamThreadFailsItAndLeavesItsDecoderOpen() throws Exception {
    AtomicInteger open = new AtomicInteger();
    CountDownLatch decoding = new CountDownLatch(1);
    lookahead =
        new Lookahead(
            "frames",
            new LookaheadSettings(0, 2, 1),
            new FakeFrames(),
            FakeFrames.PICTURE_BYTES,
            () -> counted(open, decoding),
            encoder,
            Forecast.ALL,
            DecodeWatch.NONE,
            metrics);
    CompletableFuture<String> running =
        onAnotherThread(
            () -> {
              try {
                return take(0, FakeFrames.value("a"));
              } catch (LookaheadClosedException e) {
                assertThat(open).as("still open").hasValue(1);
                assertThatThrownBy(() -> take(1, FakeFrames.value("b")))
                    .isInstanceOf(LookaheadClosedException.class);
                lookahead.leave();
                return "closed, %d decoders".formatted(open.get());
              }
            });
    await(decoding);
    lookahead.close();
    mayDecode.countDown();
    assertThat(running.get(30, TimeUnit.SECONDS)).isEqualTo("closed, 0 decoders");
  }

  private FrameDecoder counted(AtomicInteger open, CountDownLatch decoding) {
    open.incrementAndGet();
    FrameDecoder decoder =
        FakeFrames.decoders(
                picture -> {
                  decoding.countDown();
                  await(mayDecode);
                })
            .get();
    return new FrameDecoder() {
      @Override
      public void decode(Frame frame, PictureSink sink) throws FrameDecodeException {
        decoder.decode(frame, sink);
      }

      @Override
      public void close() {
        open.decrementAndGet();
      }
    };
  }

  private static CompletableFuture<String> onAnotherThread(Callable<String> call) {
    CompletableFuture<String> result = new CompletableFuture<>();
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

  private String take(long offset, byte[] value) throws FrameDecodeException {
    return FakeFrames.text(lookahead.record(FRAMES, offset, value).pictures(PictureFilter.ALL));
  }

  private void offer(Map<Long, byte[]> polled) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    polled.forEach(
        (offset, value) ->
            records.add(new ConsumerRecord<>("frames", 0, offset, new byte[] {'s'}, value)));
    lookahead.offer(new ConsumerRecords<>(Map.of(FRAMES, records), Map.of()));
  }

  /** Records of one picture each, from offset 0 on. */
  /** Records of one picture each. */
  private static Map<Long, byte[]> singles(String pictures) {
    return values(pictures.split(""));
  }

  /** Records of as many pictures as their values have letters, from offset 0 on. */
  private static Map<Long, byte[]> values(String... values) {
    Map<Long, byte[]> polled = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      polled.put((long) i, FakeFrames.value(values[i]));
    }
    return polled;
  }

  private void takeAll(Map<Long, byte[]> polled) throws FrameDecodeException {
    for (Map.Entry<Long, byte[]> record : polled.entrySet()) {
      assertThat(take(record.getKey(), record.getValue()))
          .isEqualTo(new String(record.getValue(), java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  private static Map<Long, byte[]> ordered(Object... offsetsAndValues) {
    Map<Long, byte[]> polled = new LinkedHashMap<>();
    for (int i = 0; i < offsetsAndValues.length; i += 2) {
      polled.put(((Number) offsetsAndValues[i]).longValue(), (byte[]) offsetsAndValues[i + 1]);
    }
    return polled;
  }

  private double taken(String how) {
    return metrics.get("gatestream.lookahead.taken").tag("how", how).counter().count();
  }

  private void awaitDecoded(int pictures) throws InterruptedException {
    while (decoded.size() < pictures) {
      Thread.sleep(1);
    }
  }

  private void awaitEncoded(int pictures) throws InterruptedException {
    while (encoder.batches.stream().mapToInt(Integer::intValue).sum() < pictures) {
      Thread.sleep(1);
    }
  }

  private void awaitFreeSlots(int slots) throws InterruptedException {
    while (metrics.get("gatestream.pixel.slots.free").gauge().value() < slots) {
      Thread.sleep(1);
    }
  }

  private void awaitSlotsInUse(int inUse, int slots) throws InterruptedException {
    while (metrics.get("gatestream.pixel.slots.free").gauge().value() != slots - inUse) {
      Thread.sleep(1);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("waited for 30 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
