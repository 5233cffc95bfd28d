package io.gatestream.lookahead;

import io.gatestream.frame.FrameCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.frame.decode.FrameDecoder;
import io.gatestream.metrics.Metric;
import io.gatestream.model.FrameEncoder;
import io.gatestream.schema.Frame;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes and encodes polled records ahead of the stream threads. It may change speed, never
 * results: encoding is a pure function of the record, so it may be done early, twice or not at all.
 *
 * <p>Each stream thread offers what it polled through its consumer's interceptor and takes it back
 * record by record; its entries live in a {@link Window} that only this thread touches. Worker
 * threads claim the jobs in the order in which Kafka Streams will want them. A job that no worker
 * has claimed when it is wanted runs on the stream thread at once, so nothing here can block it for
 * ever.
 */
public final class Lookahead implements RecordIntake, FeatureSource, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Lookahead.class);

  private final String framesTopic;
  private final FrameCodec codec;
  private final Supplier<FrameDecoder> decoders;
  private final Forecast prediction;
  private final PixelPool pool;
  private final MicroBatcher batcher;
  private final RecordEncoding encoding;
  private final LeftOvers leftOvers;
  private final PriorityBlockingQueue<RecordJob> queue = new PriorityBlockingQueue<>();
  private final AtomicLong arrivals = new AtomicLong();
  private final Map<Thread, Window> windows = new ConcurrentHashMap<>();
  private final List<Thread> workers = new ArrayList<>();
  private final Counter hits;
  private final Counter waits;
  private final Counter misses;
  private volatile boolean closed;

  /**
   * Starts the workers.
   *
   * @param pictureBytes of one picture at the encoder's input
   * @param decoders makes a decoder for each worker and stream thread; the lookahead closes them
   * @param watch is told of every decoding, on the thread that does it
   * @param encoder stays the caller's to close, after this
   */
  public Lookahead(
      String framesTopic,
      LookaheadSettings settings,
      FrameCodec codec,
      int pictureBytes,
      Supplier<FrameDecoder> decoders,
      FrameEncoder encoder,
      Forecast prediction,
      DecodeWatch watch,
      MeterRegistry metrics) {
    this.framesTopic = framesTopic;
    this.codec = codec;
    this.decoders = decoders;
    this.prediction = prediction;
    this.pool = new PixelPool(settings.pixelSlots(), pictureBytes, settings.streamThreads());
    this.batcher = new MicroBatcher(encoder, pool, pictureBytes, this::callLeftOvers, metrics);
    this.encoding = new RecordEncoding(pool, batcher, watch);
    this.leftOvers = new LeftOvers(batcher::drain);
    this.hits = Metric.LOOKAHEAD_TAKEN.counter(metrics, "ahead");
    this.waits = Metric.LOOKAHEAD_TAKEN.counter(metrics, "waited");
    this.misses = Metric.LOOKAHEAD_TAKEN.counter(metrics, "here");
    Metric.PIXEL_SLOTS_FREE.gauge(metrics, pool, PixelPool::available);
    Metric.LOOKAHEAD_QUEUED.gauge(metrics, queue, PriorityBlockingQueue::size);
    for (int i = 0; i < settings.workers(); i++) {
      Thread worker = new Thread(this::work, "gatestream-lookahead-" + i);
      worker.setDaemon(true);
      workers.add(worker);
    }
    workers.forEach(Thread::start);
  }

  @Override
  public void offer(ConsumerRecords<byte[], byte[]> polled) {
    if (workers.isEmpty() || closed) {
      return;
    }
    Window window = window();
    for (TopicPartition partition : polled.partitions()) {
      if (!partition.topic().equals(framesTopic)) {
        continue;
      }
      for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
        if (record.value() != null && isExpected(record)) {
          RecordJob job =
              new RecordJob(
                  record.timestamp(),
                  arrivals.getAndIncrement(),
                  record.key(),
                  new PolledRecord(codec, partition, record.offset(), record.value()));
          window.add(partition, job);
          queue.add(job);
        }
      }
    }
  }

  private boolean isExpected(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null
        || prediction.expects(
            new String(record.key(), StandardCharsets.UTF_8), record.timestamp() * 1_000);
  }

  @Override
  public void leave() {
    close(Thread.currentThread());
  }

  @Override
  public void passed(TopicPartition partition, long offset) {
    Window window = windows.get(Thread.currentThread());
    if (window != null) {
      window.evict(partition, offset);
    }
  }

  @Override
  public void purge(TopicPartition partition) {
    Window window = windows.get(Thread.currentThread());
    if (window != null) {
      window.purge(partition);
    }
  }

  @Override
  public Iterator<UpcomingRecord> upcoming(int most) {
    Window window = windows.get(Thread.currentThread());
    return window == null ? Collections.emptyIterator() : window.upcoming(most);
  }

  @Override
  public boolean awaitReady(UpcomingRecord record, long nanos) {
    if (!record.isReady() && nanos > 0 && workers.stream().anyMatch(Thread::isAlive)) {
      record.await(nanos);
    }
    return record.isReady();
  }

  @Override
  public FrameRecord record(TopicPartition partition, long offset, byte[] value) {
    Optional<RecordJob> job = window().find(partition, offset).filter(found -> found.isOf(value));
    PolledRecord ahead = job.isPresent() ? job.get().record() : null;
    PolledRecord record = ahead == null ? new PolledRecord(codec, partition, offset, value) : ahead;
    return new FrameRecord() {
      @Override
      public Frame frame() throws FrameDecodeException {
        return record.frame();
      }

      @Override
      public EncodedRecord pictures(PictureFilter wanted) throws FrameDecodeException {
        return take(job, record, wanted);
      }

      @Override
      public StepNotes.@Nullable Note takeStep(int picture) {
        return job.isEmpty() ? null : job.get().takeStep(picture);
      }
    };
  }

  private EncodedRecord take(Optional<RecordJob> job, PolledRecord record, PictureFilter wanted)
      throws FrameDecodeException {
    if (job.isEmpty() || job.get().claim()) {
      misses.increment();
      return encode(record, wanted);
    }
    CompletableFuture<EncodedRecord> result = job.get().result();
    (result.isDone() && !job.get().wasWaitedFor() ? hits : waits).increment();
    EncodedRecord ahead;
    try {
      ahead = RecordEncoding.await(result);
    } catch (RecordEncoding.FailedException e) {
      // Work ahead is a courtesy: what broke there is done again here, where a failure counts.
      log.warn(
          "lookahead failed at {} offset {}: {}",
          record.partition(),
          record.offset(),
          String.valueOf(e.getCause()));
      return encode(record, wanted);
    }
    BitSet missing = ahead.missing(wanted); // where the prediction guessed wrong
    return missing.isEmpty()
        ? ahead
        : ahead.orElse(encode(record, (index, captureTime) -> missing.get(index)));
  }

  /** Decodes and encodes a record here and now. */
  private EncodedRecord encode(PolledRecord record, PictureFilter wanted)
      throws FrameDecodeException {
    if (closed) {
      throw new LookaheadClosedException();
    }
    CompletableFuture<EncodedRecord> result = new CompletableFuture<>();
    encoding.run(record, wanted, window().decoder(decoders), true, result);
    try {
      return RecordEncoding.await(result);
    } catch (RecordEncoding.FailedException e) {
      throw e.unwrapped();
    }
  }

  /**
   * Decodes record after record. Pictures are held back while more records wait in the queue, until
   * they fill a batch; whatever ends that has them encoded.
   */
  private void work() {
    try (FrameDecoder decoder = decoders.get()) {
      while (!closed) {
        RecordJob job = next();
        // asked before the claim: a job that is claimed has a result in every case
        PictureFilter wanted = prediction.withinRecord();
        PolledRecord record = job.record();
        if (record != null && !record.isPicture()) {
          batcher.drain(); // a long decoding begins: what is held back does not wait for its end
        }
        // null where it was dropped: nobody waits for it
        if (job.claim() && record != null) {
          encoding.run(record, wanted, decoder, false, job.result());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (RuntimeException | Error e) {
      log.error("a lookahead worker ends: the stream threads do its work", e);
    } finally {
      batcher.drain();
    }
  }

  /** The next job; what this worker holds back is encoded before it waits for one. */
  private RecordJob next() throws InterruptedException {
    RecordJob job = queue.poll();
    if (job == null) {
      batcher.drain();
      job = queue.take();
    }
    return job;
  }

  private void callLeftOvers() {
    leftOvers.call();
  }

  private Window window() {
    return windows.computeIfAbsent(Thread.currentThread(), thread -> new Window());
  }

  /**
   * Stops the workers and closes the decoders. Stream threads should have ended; one that still
   * runs gets a {@link LookaheadClosedException} from here on, and its decoder stays open until it
   * leaves.
   */
  @Override
  public void close() {
    closed = true;
    batcher.close();
    workers.forEach(Thread::interrupt);
    for (Thread worker : workers) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    leftOvers.close();
    queue.clear();
    for (Thread thread : windows.keySet()) {
      if (thread == Thread.currentThread() || !thread.isAlive()) {
        close(thread);
      }
    }
  }

  private void close(Thread thread) {
    Window window = windows.remove(thread);
    if (window != null) {
      window.close();
    }
  }
}
