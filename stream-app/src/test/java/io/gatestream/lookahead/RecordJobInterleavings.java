package io.gatestream.lookahead;

import io.gatestream.frame.FrameCodec;
import io.gatestream.schema.Frame;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Validate;

/**
 * Interleavings of workers and a stream thread that want one job: it runs once, who comes late gets
 * that run's result, and nobody runs a job that was dropped before.
 */
public class RecordJobInterleavings {
  private static final TopicPartition PARTITION = new TopicPartition("frames", 0);

  private final PolledRecord record = new PolledRecord(new NoCodec(), PARTITION, 0, new byte[1]);
  private final RecordJob job = new RecordJob(0, 0, null, record);
  private final EncodedRecord encoded = new EncodedRecord(new long[1], new long[1], new float[1][]);
  private final AtomicInteger runs = new AtomicInteger();
  private volatile boolean dropped;

  @Operation
  public void worker() {
    boolean droppedBefore = dropped;
    PolledRecord content = job.record();
    if (job.claim() && content != null) {
      require(!droppedBefore, "a dropped job runs");
      run();
    }
  }

  /** The stream thread wants it now; once, for then it has left the window. */
  @Operation(nonParallelGroup = "stream thread", runOnce = true)
  public void take() throws InterruptedException, ExecutionException {
    if (dropped) {
      return;
    }
    if (job.claim()) {
      run();
    } else {
      require(job.result().get() == encoded, "another result");
    }
  }

  /** The stream thread is past it. */
  @Operation(nonParallelGroup = "stream thread", runOnce = true)
  public void drop() {
    job.drop();
    dropped = true;
  }

  private void run() {
    runs.incrementAndGet();
    job.result().complete(encoded);
  }

  @Validate
  public void itHasRunOnceAtMost() {
    require(runs.get() <= 1, "it ran %d times".formatted(runs.get()));
    require(!dropped || job.record() == null, "a dropped job holds its record");
    require(dropped || job.record() == record, "the record is lost");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }

  /** Nothing is parsed here, and the checker looks into every object that a job holds. */
  private static final class NoCodec implements FrameCodec {
    @Override
    public byte[] encode(Frame frame) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Frame decode(byte[] bytes) {
      throw new UnsupportedOperationException();
    }
  }
}
