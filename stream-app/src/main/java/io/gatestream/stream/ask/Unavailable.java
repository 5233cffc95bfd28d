package io.gatestream.stream.ask;

import io.gatestream.http.Refusal;
import java.util.Collection;
import java.util.stream.Collectors;

/** Why there is no answer now, for whoever asked: it is worth asking again. */
final class Unavailable {
  private Unavailable() {}

  static Refusal moves(int partition) {
    return of(
        "partition %d moves from one instance to another: ask again in a second"
            .formatted(partition));
  }

  /** Nobody has looked through these. */
  static Refusal nobodyHas(Collection<Integer> partitions) {
    return of(
        "no instance answers for %s %s: it moves from one instance to another, so ask again in a second; or an instance runs without http.port, or cannot be reached at its http.advertised"
            .formatted(
                partitions.size() == 1 ? "partition" : "partitions",
                partitions.stream().map(String::valueOf).collect(Collectors.joining(", "))));
  }

  static Refusal uncommitted(int partition) {
    return of(
        "the last changes of partition %d are not committed yet: ask again in a second"
            .formatted(partition));
  }

  static Refusal starting() {
    return of("this instance starts: ask again in a second");
  }

  static Refusal closing() {
    return of("this instance closes: ask another one");
  }

  static Refusal busy(int most) {
    return of(
        "%d questions about streams are being answered here: ask again in a second"
            .formatted(most));
  }

  private static Refusal of(String message) {
    return new Refusal(Refusal.UNAVAILABLE, message);
  }
}
