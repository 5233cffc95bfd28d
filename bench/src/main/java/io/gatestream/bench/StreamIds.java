package io.gatestream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Utils;

/** Stream ids whose records Kafka's default partitioner puts where they are wanted. */
final class StreamIds {
  private StreamIds() {}

  /** As many on each partition as on any other, but for a remainder. */
  static List<String> even(int streams, int partitions) {
    int[] quota = new int[partitions];
    for (int i = 0; i < streams; i++) {
      quota[i % partitions]++;
    }
    return filling(quota);
  }

  /** Half of them on partition 0, the others evenly on the rest. */
  static List<String> halfOnOne(int streams, int partitions) {
    int[] quota = new int[partitions];
    quota[0] = streams / 2;
    for (int i = streams / 2; i < streams; i++) {
      quota[1 + i % (partitions - 1)]++;
    }
    return filling(quota);
  }

  static int partition(String id, int partitions) {
    return Utils.toPositive(Utils.murmur2(id.getBytes(UTF_8))) % partitions;
  }

  private static List<String> filling(int... quota) {
    int missing = 0;
    for (int streams : quota) {
      missing += streams;
    }
    List<String> ids = new ArrayList<>(missing);
    for (int number = 0; missing > 0; number++) {
      String id = "camera-%06d".formatted(number);
      int partition = partition(id, quota.length);
      if (quota[partition] > 0) {
        quota[partition]--;
        missing--;
        ids.add(id);
      }
    }
    return ids;
  }
}
