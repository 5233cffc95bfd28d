package io.gatestream.model;

import ai.onnxruntime.OrtEnvironment;
import io.gatestream.errors.OutageException;
import io.gatestream.natives.NativeFailure;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Starts ONNX Runtime, whose environment then lasts as long as the process.
 *
 * <p>On a thread with a large stack: docs/decisions/0002-onnxruntime-start.md says why.
 */
public final class NativeEnvironment {
  private static final long STACK_BYTES = 256L << 20;

  private NativeEnvironment() {}

  /** The one environment of the process; nobody closes it. */
  public static OrtEnvironment get() {
    NativeLibraries.unpack();
    FutureTask<OrtEnvironment> start = new FutureTask<>(OrtEnvironment::getEnvironment);
    Thread thread = new Thread(null, start, "onnxruntime-start", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    try {
      return start.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LinkageError || e.getCause() instanceof IOException) {
        throw NativeFailure.of("ONNX Runtime", NativeLibraries.folder(), e.getCause());
      }
      throw new OutageException("ONNX Runtime does not start: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutageException("interrupted while ONNX Runtime starts", e);
    }
  }
}
