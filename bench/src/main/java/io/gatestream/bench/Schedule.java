package io.gatestream.bench;

import java.util.ArrayList;
import java.util.List;

/** Measurements in the order in which they will be made, each with the seconds that it may take. */
final class Schedule {
  /** One measurement. */
  interface Action {
    void run() throws InterruptedException;
  }

  private record Item(String what, double seconds, Action action) {}

  private final List<Item> items = new ArrayList<>();

  void add(String what, double seconds, Action action) {
    items.add(new Item(what, seconds, action));
  }

  /** Makes all of them; {@code listener} is told before each. */
  void run(BenchListener listener) throws InterruptedException {
    double left = items.stream().mapToDouble(Item::seconds).sum();
    for (Item item : items) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      listener.measuring(item.what, left);
      item.action.run();
      left -= item.seconds;
    }
  }
}
