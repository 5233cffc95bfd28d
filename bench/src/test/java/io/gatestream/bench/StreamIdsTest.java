package io.gatestream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class StreamIdsTest {
  private static int[] counts(List<String> ids, int partitions) {
    int[] counts = new int[partitions];
    // by the producer's own partitioner
    ids.forEach(id -> counts[BuiltInPartitioner.partitionForKey(id.getBytes(UTF_8), partitions)]++);
    return counts;
  }

  @Test
  void streamsLieEvenly() {
    List<String> ids = StreamIds.even(18, 4);
    assertThat(new HashSet<>(ids)).hasSize(18);
    assertThat(counts(ids, 4)).containsExactly(5, 5, 4, 4);
  }

  @Test
  void halfLieOnOnePartition() {
    int[] counts = counts(StreamIds.halfOnOne(16, 4), 4);
    assertThat(counts[0]).isEqualTo(8);
    assertThat(IntStream.of(counts).sum()).isEqualTo(16);
    assertThat(counts[1]).isBetween(2, 3);
    assertThat(counts[2]).isBetween(2, 3);
    assertThat(counts[3]).isBetween(2, 3);
  }
}
