package io.gatestream.deliver;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.EventCodec;
import io.gatestream.frame.FrameDecodeException;
import io.gatestream.kafka.AccessRight;
import io.gatestream.kafka.ClientFault;
import io.gatestream.kafka.GroupConsumer;
import io.gatestream.kafka.TopicLookup;
import io.gatestream.labels.ReadEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the committed events of a topic as a member of a consumer group: each at least once,
 * those of a stream in their order, whatever waits or fails meanwhile. Labels know nothing of it.
 * One thread runs it; {@link #stop} may be called from any.
 */
public final class EventDelivery implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventDelivery.class);

  private static final Duration WAIT = Duration.ofMillis(250);
  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final long LONGEST_PAUSE_MILLIS = 30_000;

  /** How long a member waits without a word to its group. */
  private static final long SLICE_MILLIS = 1_000;

  private static final long COMMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Less than a member may be silent: an attempt takes a minute at most. */
  private static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Consumer<byte[], byte[]> consumer;
  private final KafkaAccess access;
  private final String topic;
  private final String group;
  private final EventCodec codec = new EventCodec();
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Offsets behind what is delivered and not committed yet. */
  private final Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();

  private long committed = System.nanoTime();
  private long polled = System.nanoTime();
  private long foreign;

  private EventDelivery(
      Consumer<byte[], byte[]> consumer, KafkaAccess access, String topic, String group) {
    this.consumer = consumer;
    this.access = access;
    this.topic = topic;
    this.group = group;
  }

  /**
   * Makes the consumer and subscribes.
   *
   * @param fromBeginning whether a group without offsets begins with the oldest event; else with
   *     those that come
   * @throws io.gatestream.errors.ConfigException there is no such topic
   * @throws OutageException it may not be read, or no broker answers
   */
  public static EventDelivery open(
      KafkaAccess access, String topic, String group, boolean fromBeginning) {
    EventDelivery delivery =
        new EventDelivery(GroupConsumer.open(access, group, fromBeginning), access, topic, group);
    try {
      TopicLookup.partitions(delivery.consumer, topic, access);
      delivery.subscribe();
      return delivery;
    } catch (RuntimeException e) {
      delivery.close();
      throw e;
    }
  }

  private void subscribe() {
    consumer.subscribe(
        List.of(topic),
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commit();
          }

          @Override
          public void onPartitionsLost(Collection<TopicPartition> partitions) {
            done.keySet().removeAll(partitions);
          }

          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // from the committed offsets on
          }
        });
  }

  /**
   * Delivers until it is stopped.
   *
   * @param body the JSON of an event; empty where it is not wanted
   * @param delivered told of each that was delivered
   * @throws OutageException the topic may not be read, or the group not be joined
   */
  public void run(
      Function<ReadEvent, Optional<String>> body,
      Outlet outlet,
      java.util.function.Consumer<ReadEvent> delivered)
      throws InterruptedException {
    try {
      while (stopped.getCount() > 0) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(WAIT);
        polled = System.nanoTime();
        for (TopicPartition partition : records.partitions()) {
          for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
            if (!isHeld(partition) || !deliver(record, body, outlet, delivered)) {
              break; // what is not delivered comes again, here or to another member
            }
            done.put(partition, new OffsetAndMetadata(record.offset() + 1));
            commitIfDue();
          }
        }
        commit();
      }
    } catch (WakeupException e) {
      // stopped
    } catch (AuthorizationException e) {
      throw new OutageException(
          AccessRight.missing(
              access,
              List.of(
                  AccessRight.topic(AclOperation.READ, topic),
                  AccessRight.group(AclOperation.READ, group))),
          e);
    } catch (KafkaException e) {
      throw ClientFault.refused(access, e);
    } finally {
      commit();
    }
  }

  private boolean isHeld(TopicPartition partition) {
    return stopped.getCount() > 0 && consumer.assignment().contains(partition);
  }

  /** Whether the record is done with; false where it is left to whoever has its partition next. */
  private boolean deliver(
      ConsumerRecord<byte[], byte[]> record,
      Function<ReadEvent, Optional<String>> body,
      Outlet outlet,
      java.util.function.Consumer<ReadEvent> delivered)
      throws InterruptedException {
    Optional<ReadEvent> read = read(record);
    Optional<String> json = read.flatMap(body);
    if (read.isEmpty() || json.isEmpty()) {
      return true;
    }
    String position = "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
    Delivery delivery = new Delivery(read.get().event(), position, json.get());
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    if (System.nanoTime() - polled > LONGEST_SILENCE_NANOS) {
      staying();
    }
    for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
      Outcome outcome = outlet.deliver(delivery);
      if (outcome instanceof Outcome.Done) {
        delivered.accept(read.get());
        return true;
      }
      if (outcome instanceof Outcome.Refused refused) {
        log.warn(
            "event {} of stream {} ({}) is left out: {}",
            delivery.event().getEventId(),
            delivery.event().getStreamId(),
            position,
            refused.why());
        return true;
      }
      if (outcome instanceof Outcome.Failed failed) {
        log.warn(
            "event {} of stream {} ({}) is tried again in {} ms: {}",
            delivery.event().getEventId(),
            delivery.event().getStreamId(),
            position,
            pause,
            failed.why());
      }
      if (!await(partition, pause)) {
        return false;
      }
    }
  }

  private Optional<ReadEvent> read(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() != null) {
      try {
        return Optional.of(
            new ReadEvent(record.partition(), record.offset(), codec.decode(record.value())));
      } catch (FrameDecodeException e) {
        log.debug("{}-{}@{}", record.topic(), record.partition(), record.offset(), e);
      }
    }
    if (foreign++ == 0) {
      log.warn(
          "topic {} holds records that are no events, which are left out: the first is {}-{}@{}",
          topic,
          topic,
          record.partition(),
          record.offset());
    }
    return Optional.empty();
  }

  /** Waits as a living member of the group; false where the partition went to another meanwhile. */
  private boolean await(TopicPartition partition, long millis) throws InterruptedException {
    commit();
    for (long left = millis; left > 0; left -= SLICE_MILLIS) {
      if (stopped.await(Math.min(left, SLICE_MILLIS), TimeUnit.MILLISECONDS)) {
        return false;
      }
      staying();
    }
    return isHeld(partition);
  }

  /** Polls without taking records, so that the group knows that this member lives. */
  private void staying() {
    consumer.pause(consumer.assignment());
    ConsumerRecords<byte[], byte[]> early = consumer.poll(Duration.ZERO);
    for (TopicPartition other : early.partitions()) { // assigned just now: it comes again
      consumer.seek(other, early.records(other).get(0).offset());
    }
    consumer.resume(consumer.assignment());
    polled = System.nanoTime();
  }

  private void commitIfDue() {
    if (System.nanoTime() - committed > COMMIT_NANOS) {
      commit();
    }
  }

  private void commit() {
    if (done.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(Map.copyOf(done));
    } catch (WakeupException e) {
      consumer.commitSync(Map.copyOf(done)); // it wakes once
    } catch (CommitFailedException | RebalanceInProgressException e) {
      log.debug("others deliver these again", e);
    }
    done.clear();
    committed = System.nanoTime();
  }

  /** Ends the run soon: what is not delivered stays for the next one. */
  public void stop() {
    stopped.countDown();
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
