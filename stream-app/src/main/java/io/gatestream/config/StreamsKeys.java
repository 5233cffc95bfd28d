package io.gatestream.config;

import java.util.Set;

/**
 * The settings that only Kafka Streams knows. They are listed since this room does not depend on
 * it; a test compares them with what the library has.
 */
public final class StreamsKeys {
  /** Bare, without those that clients have as well. */
  public static final Set<String> ALL =
      Set.of(
          "acceptable.recovery.lag",
          "allow.os.group.write.access",
          "application.id",
          "application.server",
          "buffered.records.per.partition",
          "built.in.metrics.version",
          "cache.max.bytes.buffering",
          "commit.interval.ms",
          "default.client.supplier",
          "default.deserialization.exception.handler",
          "default.dsl.store",
          "default.key.serde",
          "default.list.key.serde.inner",
          "default.list.key.serde.type",
          "default.list.value.serde.inner",
          "default.list.value.serde.type",
          "default.production.exception.handler",
          "default.timestamp.extractor",
          "default.value.serde",
          "deserialization.exception.handler",
          "dsl.store.format",
          "dsl.store.suppliers.class",
          "ensure.explicit.internal.resource.naming",
          "errors.dead.letter.queue.topic.name",
          "log.summary.interval.ms",
          "max.task.idle.ms",
          "max.warmup.replicas",
          "num.standby.replicas",
          "num.stream.threads",
          "poll.ms",
          "probing.rebalance.interval.ms",
          "processing.exception.handler",
          "processing.exception.handler.global.enabled",
          "processing.guarantee",
          "processor.wrapper.class",
          "production.exception.handler",
          "rack.aware.assignment.non_overlap_cost",
          "rack.aware.assignment.strategy",
          "rack.aware.assignment.tags",
          "rack.aware.assignment.traffic_cost",
          "repartition.purge.interval.ms",
          "replication.factor",
          "rocksdb.config.setter",
          "state.cleanup.delay.ms",
          "state.cleanup.dir.max.age.ms",
          "state.dir",
          "statestore.cache.max.bytes",
          "task.assignor.class",
          "task.timeout.ms",
          "topology.optimization",
          "upgrade.from",
          "window.size.ms",
          "windowed.inner.class.serde",
          "windowstore.changelog.additional.retention.ms");

  private StreamsKeys() {}
}
