package io.gatestream.stream;

import io.gatestream.config.GroupMembership;
import io.gatestream.config.OverloadMode;
import io.gatestream.config.RunConfig;
import io.gatestream.lookahead.LagReporter;
import io.gatestream.lookahead.LookaheadInterceptor;
import io.gatestream.lookahead.PartitionLags;
import io.gatestream.lookahead.RecordIntake;
import io.gatestream.stream.passes.PassLimits;
import io.gatestream.stream.state.BoundedRocksDb;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Turns {@link RunConfig} into settings of Kafka Streams: the user's {@code kafka.*} below,
 * Gatestream's own above.
 */
final class StreamsSettings {
  /** How long the partitions of an instance wait that died without a word. */
  private static final int SESSION_TIMEOUT_MILLIS = 10_000;

  /** How long it may take until the survivors learn of it after that, and join anew. */
  private static final int HEARTBEAT_MILLIS = 500;

  /** Of a static member, which has to be back before: a start takes longer than the other. */
  private static final int STATIC_SESSION_TIMEOUT_MILLIS = 45_000;

  private StreamsSettings() {}

  /**
   * All settings.
   *
   * @param stateFolder this instance's own
   * @param limits of a pass
   * @param intake what the main consumers' interceptor feeds
   * @param lags what their metrics reporter keeps
   */
  static Map<String, Object> of(
      RunConfig config,
      Path stateFolder,
      PassLimits limits,
      RecordIntake intake,
      PartitionLags lags) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        config.pollBounds().maxRecordBytes());
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "none");
    Map<String, String> user = config.kafka().clientSettings();
    if (!GroupMembership.isStreamsProtocol(
        user)) { // in the other protocol the brokers decide the session
      settings.put(
          ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
          GroupMembership.instanceId(user).isPresent()
              ? STATIC_SESSION_TIMEOUT_MILLIS
              : SESSION_TIMEOUT_MILLIS);
      settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS);
    }
    settings.putAll(user);

    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.kafka().bootstrapServers());
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.compute().streamThreads());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder.toString());
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.storage().commitIntervalMillis());
    settings.put(
        StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, config.storage().storeCacheBytes());
    settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.storage().standbyReplicas());
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, config.creation().replicationFactor());
    settings.put(
        StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG,
        config.pollBounds().bufferedRecordsPerPartition());
    settings.put(
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        limits.transactionTimeoutMillis());
    mainConsumer(
        settings, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, limits.maxPollMillisOfStreams());
    settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    settings.put(BoundedRocksDb.BYTES, config.storage().rocksDbBytes());
    mainConsumer(
        settings, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, config.pollBounds().maxPollRecords());
    mainConsumer(settings, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, config.pollBounds().fetchBytes());
    mainConsumer(
        settings,
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
        config.pollBounds().partitionFetchBytes());
    mainConsumer(settings, LookaheadInterceptor.INTAKE, intake);
    mainConsumer(
        settings,
        ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
        withOwn(
            LookaheadInterceptor.class,
            given(config, ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG).orElse("")));
    if (config.overload().mode() == OverloadMode.LATEST) {
      mainConsumer(settings, LagReporter.LAGS, lags);
      mainConsumer(
          settings,
          ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG,
          withOwn(
              LagReporter.class,
              given(config, ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG)
                  .orElse(JmxReporter.class.getName())));
    }
    return settings;
  }

  /** The user's own come after the lookahead, whose batch nobody may have changed. */
  private static String withOwn(Class<?> own, String theirs) {
    return theirs.isBlank() ? own.getName() : own.getName() + "," + theirs;
  }

  /** What the user gave for the main consumers. */
  private static Optional<String> given(RunConfig config, String key) {
    Map<String, String> given = config.kafka().clientSettings();
    return Stream.of(StreamsConfig.MAIN_CONSUMER_PREFIX, StreamsConfig.CONSUMER_PREFIX, "")
        .flatMap(prefix -> Optional.ofNullable(given.get(prefix + key)).stream())
        .filter(value -> !value.isBlank())
        .findFirst();
  }

  private static void mainConsumer(Map<String, Object> settings, String key, Object value) {
    settings.put(StreamsConfig.mainConsumerPrefix(key), value);
  }
}
