package io.gatestream.stream.ask;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.HostInfo;

/** Instances as Kafka Streams tells of them: those that have {@code application.server}. */
public final class KafkaInstances implements Instances {
  private final KafkaStreams streams;
  private final String storeName;
  private final String self;

  /**
   * Creates it.
   *
   * @param self this instance's {@code application.server}
   */
  public KafkaInstances(KafkaStreams streams, String storeName, String self) {
    this.streams = streams;
    this.storeName = storeName;
    this.self = self;
  }

  @Override
  public String self() {
    return self;
  }

  @Override
  public List<String> others() {
    try {
      return streams.metadataForAllStreamsClients().stream()
          .map(StreamsMetadata::hostInfo)
          .filter(host -> host.port() > 0)
          .map(KafkaInstances::text)
          .filter(instance -> !instance.equals(self))
          .distinct()
          .sorted()
          .toList();
    } catch (StreamsException | IllegalStateException e) {
      throw Unavailable.starting();
    }
  }

  @Override
  public Optional<Home> homeOf(Bytes id) {
    try {
      KeyQueryMetadata home =
          streams.queryMetadataForKey(storeName, id, Serdes.Bytes().serializer());
      return home == null || home.equals(KeyQueryMetadata.NOT_AVAILABLE)
          ? Optional.empty()
          : Optional.of(new Home(home.partition(), text(home.activeHost())));
    } catch (StreamsException | IllegalStateException e) {
      throw Unavailable.starting();
    }
  }

  private static String text(HostInfo host) {
    return Address.text(host.host(), host.port());
  }
}
