package io.gatestream.ingest;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.Pointer;

/**
 * Ends reads of a URL that hang, or that nobody waits for any more: FFmpeg asks it while it waits.
 *
 * <p>{@code av_read_frame} of a dead camera has blocked for hours. One native callback serves all
 * watches, told apart by an id, for JavaCPP makes only a few callbacks of one type. Started and
 * closed by the thread that reads; asked by FFmpeg's threads too.
 */
final class ReadWatch implements AutoCloseable {
  private static final Map<Long, ReadWatch> WATCHES = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT = new AtomicLong(1);
  private static final Callback CALLBACK = new Callback();

  private final long id = NEXT.getAndIncrement();
  private final long limitNanos;
  private final BooleanSupplier stopped;
  private final AVIOInterruptCB struct = new AVIOInterruptCB();
  private volatile boolean ended;
  private volatile long startedNanos = System.nanoTime();

  ReadWatch(Duration limit, BooleanSupplier stopped) {
    this.limitNanos = limit.toNanos();
    this.stopped = stopped;
    WATCHES.put(id, this);
  }

  /** Watches a new connection. */
  void attach(AVFormatContext context) {
    ended = false;
    struct.callback(CALLBACK).opaque(new Id(id));
    context.interrupt_callback(struct);
  }

  /** A read begins. */
  void restart() {
    startedNanos = System.nanoTime();
  }

  /**
   * Whether a read of this connection was ended for its silence: nothing comes from it any more.
   */
  boolean expired() {
    return ended;
  }

  /** Whether the run was asked to end. */
  boolean stopped() {
    return stopped.getAsBoolean();
  }

  private boolean ends() {
    if (System.nanoTime() - startedNanos > limitNanos) {
      ended = true;
    }
    return ended || stopped.getAsBoolean();
  }

  @Override
  public void close() {
    WATCHES.remove(id);
    struct.close();
  }

  private static final class Callback extends AVIOInterruptCB.Callback_Pointer {
    @Override
    public int call(Pointer opaque) {
      ReadWatch watch = WATCHES.get(opaque.address());
      return watch == null || watch.ends() ? 1 : 0;
    }
  }

  private static final class Id extends Pointer {
    Id(long id) {
      address = id;
    }
  }
}
