package io.gatestream.model;

/**
 * Threads and batches of an open model.
 *
 * @param callers encoder calls that may run at once
 * @param threads inside one encoder call on the CPU
 * @param batch most pictures of one encoder call
 * @param workers threads that decode and encode ahead; 0 leaves all to the stream threads
 */
public record ComputePlan(int callers, int threads, int batch, int workers) {
  public ComputePlan {
    if (callers < 1 || threads < 1 || batch < 1 || workers < 0) {
      throw new IllegalArgumentException(
          "%d callers, %d threads and a batch of %d must be at least 1, %d workers at least 0"
              .formatted(callers, threads, batch, workers));
    }
  }

  /** The encoder's part for people: {@code 2 callers x 1 thread, batch 1}. */
  public String encoder() {
    return "%s x %s, batch %d".formatted(count(callers, "caller"), count(threads, "thread"), batch);
  }

  /** All of it for people: {@code 2 callers x 1 thread, batch 1, 2 workers}. */
  public String text() {
    return "%s, %s".formatted(encoder(), count(workers, "worker"));
  }

  private static String count(int number, String what) {
    return "%d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }
}
