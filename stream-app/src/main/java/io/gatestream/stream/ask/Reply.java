package io.gatestream.stream.ask;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.http.Refusal;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one instance answers: of its own partitions only.
 *
 * @param instance host and port
 */
record Reply(String instance, int status, ObjectNode body) {
  static final int OK = 200;

  /** Fields that all answers of a single instance have. */
  static final String APPLICATION = "application";

  static final String INSTANCE = "instance";
  static final String LOOKED_THROUGH = "lookedThrough";
  private static final String ERROR = "error";

  static Reply failed(String instance, int status, String why) {
    return new Reply(instance, status, JsonNodeFactory.instance.objectNode().put(ERROR, why));
  }

  boolean found() {
    return status == OK;
  }

  /** Neither there nor not there: it will be refused wherever it is asked. */
  boolean isRefusal() {
    return status != OK && status != Refusal.NOT_FOUND && status != Refusal.UNAVAILABLE;
  }

  String error() {
    return body.path(ERROR).asText("status " + status);
  }

  int partition() {
    return body.path("partition").asInt(-1);
  }

  /** The partitions that it has looked through. */
  Set<Integer> partitions() {
    Set<Integer> partitions = new TreeSet<>();
    for (JsonNode partition : body.path(LOOKED_THROUGH)) {
      partitions.add(partition.asInt());
    }
    return partitions;
  }
}
