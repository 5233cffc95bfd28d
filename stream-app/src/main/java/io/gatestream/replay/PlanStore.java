package io.gatestream.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.errors.ConfigException;
import io.gatestream.kafka.Brokers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Keeps a plan where the replay's offsets are, in the brokers: as the committed offsets of a group
 * of its own, {@code NAME-range}, which never has a member. Each partition's offset is the end of
 * its span, the metadata hold the rest. Brokers forget it with their other offsets, 7 days after
 * the last start by default.
 */
final class PlanStore {
  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Brokers brokers;
  private final String group;
  private final String topic;

  PlanStore(Brokers brokers, String name, String framesTopic) {
    this.brokers = brokers;
    this.group = group(name);
    this.topic = framesTopic;
  }

  static String group(String name) {
    return name + "-range";
  }

  void save(ReplayPlan plan) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    plan.spans()
        .forEach(
            (partition, span) ->
                offsets.put(
                    new TopicPartition(topic, partition),
                    new OffsetAndMetadata(span.end(), metadata(plan, span))));
    brokers.groups().commit(group, offsets);
  }

  private static String metadata(ReplayPlan plan, ReplayPlan.Span span) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("format", FORMAT)
            .put("spec", plan.spec())
            .put("settings", plan.settings())
            .put("topicId", plan.topicId())
            .put("partitions", plan.spans().size())
            .put("start", span.start())
            .put("stage", plan.stage().name());
    plan.outputs().forEach(node.putArray("outputs")::add);
    return node.toString();
  }

  /** The plan of a replay that was begun and not cleaned up; empty where there is none. */
  Optional<ReplayPlan> load() {
    Map<Integer, ReplayPlan.Span> spans = new HashMap<>();
    JsonNode any = null;
    for (Map.Entry<TopicPartition, OffsetAndMetadata> entry :
        brokers.groups().committed(group).entrySet()) {
      if (!entry.getKey().topic().equals(topic)) {
        continue;
      }
      JsonNode node = parse(entry.getValue().metadata());
      spans.put(
          entry.getKey().partition(),
          new ReplayPlan.Span(node.path("start").asLong(), entry.getValue().offset()));
      any = node;
    }
    // partly written: its replay has not begun
    if (any == null || spans.size() != any.path("partitions").asInt()) {
      return Optional.empty();
    }
    List<String> outputs = new ArrayList<>();
    any.path("outputs").forEach(output -> outputs.add(output.asText()));
    return Optional.of(
        new ReplayPlan(
            any.path("spec").asText(),
            any.path("settings").asText(),
            any.path("topicId").asText(),
            outputs,
            spans,
            ReplayPlan.Stage.valueOf(any.path("stage").asText())));
  }

  private JsonNode parse(String metadata) {
    try {
      JsonNode node = JSON.readTree(metadata);
      if (node.path("format").asInt() == FORMAT) {
        return node;
      }
    } catch (JsonProcessingException e) {
      // said below
    }
    throw new ConfigException(
        "the offsets of group '%s' are no plan of a replay of this version: delete the group, or give another --name"
            .formatted(group));
  }
}
