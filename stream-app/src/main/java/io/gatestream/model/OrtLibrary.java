package io.gatestream.model;

import ai.onnxruntime.OrtEnvironment;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The process' ONNX Runtime environment, made once on a thread with a large stack.
 *
 * <p>ONNX Runtime 1.29 runs a recursive regular expression over the process' command line when its
 * environment is made: about 120 bytes of stack for each character, so a long list of files
 * overflows the usual 1 MiB and ends the process without a word. A stack is reserved but used only
 * as far as it is needed. The environment is freed by ONNX Runtime itself when the JVM ends.
 */
final class OrtLibrary {
  /** Enough for the longest command line that Linux takes, 2 MiB. */
  private static final long STACK_BYTES = 256L << 20;

  private static @Nullable OrtEnvironment environment;

  private OrtLibrary() {}

  // Not a static initialiser: the thread runs code of this class, and would wait for it for ever.
  static synchronized OrtEnvironment environment() {
    if (environment == null) {
      environment = make();
    }
    return environment;
  }

  private static OrtEnvironment make() {
    AtomicReference<OrtEnvironment> made = new AtomicReference<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            null, () -> made.set(OrtEnvironment.getEnvironment()), "onnxruntime", STACK_BYTES);
    thread.setUncaughtExceptionHandler((dead, thrown) -> failure.set(thrown));
    thread.start();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    OrtEnvironment result = made.get();
    if (result == null) {
      throw new IllegalStateException("ONNX Runtime cannot be loaded", failure.get());
    }
    return result;
  }
}
