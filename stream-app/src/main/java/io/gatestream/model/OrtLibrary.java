package io.gatestream.model;

import ai.onnxruntime.OrtEnvironment;
import java.util.concurrent.atomic.AtomicReference;

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

  private static final OrtEnvironment ENVIRONMENT = make();

  private OrtLibrary() {}

  static OrtEnvironment environment() {
    return ENVIRONMENT;
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
    OrtEnvironment environment = made.get();
    if (environment == null) {
      throw new IllegalStateException("ONNX Runtime cannot be loaded", failure.get());
    }
    return environment;
  }
}
