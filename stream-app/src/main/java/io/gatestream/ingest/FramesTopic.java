package io.gatestream.ingest;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import io.gatestream.kafka.AccessRight;
import io.gatestream.kafka.Brokers;
import io.gatestream.kafka.ClientFault;
import io.gatestream.kafka.TopicAdmin;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;

/** The topic that frames go to, before any frame is sent. */
final class FramesTopic {
  /** Kafka's default for a topic. */
  private static final long USUAL_RECORD_BYTES = 1_048_588;

  private final KafkaAccess access;
  private final String topic;

  FramesTopic(KafkaAccess access, String topic) {
    this.access = access;
    this.topic = topic;
  }

  /** As {@link KafkaFrameSink#checkTopic}. */
  void check(boolean create, int partitions, int maxMessageBytes) throws InterruptedException {
    try (Brokers brokers = new Brokers(access)) {
      requireRights(brokers, create);
      if (create) { // or wait for one that another ingest created a moment ago
        brokers
            .topics()
            .create(topic, partitions, 0, TopicAdmin.captureTimeSettings(maxMessageBytes));
      } else if (brokers.topics().find(topic).isEmpty()) {
        throw new ConfigException(
            "topic '%s' is missing: add --create-topics, or create it".formatted(topic));
      }
    } catch (InterruptException e) {
      throw interrupted(e);
    } catch (KafkaException e) {
      throw new OutageException("topic '%s': %s".formatted(topic, ClientFault.of(e)), e);
    }
  }

  private void requireRights(Brokers brokers, boolean create) {
    List<AccessRight> needed = new ArrayList<>();
    needed.add(AccessRight.topic(AclOperation.WRITE, topic));
    if (create && brokers.topics().mayBeMissing(topic)) {
      needed.add(AccessRight.topic(AclOperation.CREATE, topic));
    }
    Set<AccessRight> missing = brokers.access().missing(needed);
    if (!missing.isEmpty()) {
      throw new OutageException(AccessRight.missing(access, missing));
    }
  }

  /** As {@link KafkaFrameSink#mostRecordBytes}. */
  long mostRecordBytes() throws InterruptedException {
    try (Brokers brokers = new Brokers(access)) {
      return brokers
          .topics()
          .settings(topic)
          .map(settings -> TopicAdmin.text(settings, TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
          .filter(bytes -> !bytes.isEmpty())
          .map(bytes -> Math.max(1, Long.parseLong(bytes)))
          .orElse(USUAL_RECORD_BYTES);
    } catch (InterruptException e) {
      throw interrupted(e);
    } catch (KafkaException | OutageException e) {
      return USUAL_RECORD_BYTES; // reading settings is a right of its own
    }
  }

  /** As Java says it: the thread's mark is taken back, as where {@code sleep} throws. */
  private static InterruptedException interrupted(InterruptException thrown) {
    Thread.interrupted();
    return (InterruptedException) new InterruptedException().initCause(thrown);
  }
}
