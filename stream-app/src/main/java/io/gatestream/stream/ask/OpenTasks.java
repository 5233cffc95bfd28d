package io.gatestream.stream.ask;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The tasks that this process works on, one a partition. Thread-safe. */
public final class OpenTasks {
  private final Map<Integer, OpenTask> tasks = new ConcurrentHashMap<>();

  /** A task begins, on the thread that calls, and everything in its store is committed. */
  public OpenTask open(int partition) {
    OpenTask task = new OpenTask(partition, closed -> tasks.remove(partition, closed));
    tasks.put(partition, task);
    return task;
  }

  /** The calling stream thread has committed all that its tasks have done. */
  public void committed() {
    Thread thread = Thread.currentThread();
    for (OpenTask task : tasks.values()) {
      if (task.isOf(thread)) {
        task.committed();
      }
    }
  }

  /** Those that are open now, by partition. */
  List<OpenTask> now() {
    return tasks.values().stream()
        .filter(OpenTask::isOpen)
        .sorted(Comparator.comparingInt(OpenTask::partition))
        .toList();
  }
}
