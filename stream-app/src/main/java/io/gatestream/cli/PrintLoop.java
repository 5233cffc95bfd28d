package io.gatestream.cli;

import io.gatestream.labels.CommittedSource;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Prints what is committed, until the limit, the end, a stop, or nobody reads any more. */
final class PrintLoop<T> {
  private final ReadOptions options;
  private final long limit;
  private final Predicate<T> wanted;
  private final Function<List<T>, List<String>> lines;

  /**
   * Creates it.
   *
   * @param limit most that is printed
   * @param wanted what is printed and counted for the limit
   */
  PrintLoop(
      ReadOptions options, long limit, Predicate<T> wanted, Function<List<T>, List<String>> lines) {
    this.options = options;
    this.limit = limit;
    this.wanted = wanted;
    this.lines = lines;
  }

  /** Prints, and says which records were something else. */
  void run(CommittedSource<T> source, PrintWriter out) {
    print(source, out);
    tellForeign(source);
  }

  private void print(CommittedSource<T> source, PrintWriter out) {
    long remaining = limit;
    boolean told = false;
    while (remaining > 0 && !source.stopped() && (options.follow || !source.caughtUp())) {
      List<T> read =
          source.poll(ReadOptions.WAIT).stream()
              .filter(one -> options.follow || source.beforeEnd(one))
              .filter(wanted)
              .limit(remaining)
              .toList();
      remaining -= read.size();
      lines.apply(read).forEach(out::println);
      if (out.checkError()) {
        return; // a closed pipe, as under | head
      }
      source.foreign().requireOwn(!options.follow && source.caughtUp());
      if (options.follow && !told && source.caughtUp()) {
        told = true;
        tellForeign(source);
      }
    }
  }

  private static void tellForeign(CommittedSource<?> source) {
    source.foreign().tell().ifPresent(line -> System.err.println("warning: " + line));
  }
}
