package io.gatestream.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.config.KafkaAccess;
import io.gatestream.errors.ConfigException;
import io.gatestream.errors.OutageException;
import io.gatestream.frame.Micros;
import io.gatestream.frame.ReviewCodec;
import io.gatestream.http.Refusal;
import io.gatestream.kafka.Brokers;
import io.gatestream.kafka.ClientFault;
import io.gatestream.schema.LabelEvent;
import io.gatestream.schema.Review;
import io.gatestream.schema.ReviewKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes what people say of events to the topic of reviews, which it makes with the first one.
 * Thread-safe.
 */
final class ReviewDesk implements AutoCloseable {
  private static final Duration WRITTEN = Duration.ofSeconds(10);

  private final KafkaAccess access;
  private final String topic;
  private final StreamBoard streams;
  private final EventBoard events;
  private final ReviewCodec codec = new ReviewCodec();

  /** Others wait for nothing while brokers do not answer. */
  private final Semaphore writing = new Semaphore(2);

  private Optional<Producer<byte[], byte[]>> producer = Optional.empty();

  ReviewDesk(KafkaAccess access, String topic, StreamBoard streams, EventBoard events) {
    this.access = access;
    this.topic = topic;
    this.streams = streams;
    this.events = events;
  }

  /**
   * Says whether an event was right.
   *
   * @param truth what it was, for {@code OTHER}
   */
  Views.Review review(String eventId, ReviewKind kind, String truth, String note) {
    LabelEvent event =
        events.event(eventId).orElseThrow(() -> Refusal.notFound("this event is not known here"));
    if (kind == ReviewKind.MISSED) {
      throw Refusal.badRequest("an event that was told was not missed");
    }
    if (kind == ReviewKind.OTHER && (truth.isBlank() || truth.equals(event.getLabel()))) {
      throw Refusal.badRequest(
          "'truth' must name another class than '%s'".formatted(event.getLabel()));
    }
    return write(
        Review.newBuilder()
            .setReviewId(eventId)
            .setKind(kind)
            .setStreamId(event.getStreamId())
            .setSession(event.getSession())
            .setLabel(event.getLabel())
            .setTruth(
                switch (kind) {
                  case RIGHT -> event.getLabel();
                  case OTHER -> truth;
                  default -> "";
                })
            .setStartCaptureTime(event.getStartCaptureTime())
            .setStartSourceTime(event.getStartSourceTime())
            .setEndCaptureTime(event.getEndCaptureTime())
            .setEndSourceTime(event.getEndSourceTime())
            .setReviewTime(Instant.now())
            .setNote(note)
            .build());
  }

  /** Says that something was there which no event told; times are milliseconds, of capture. */
  Views.Review missed(String stream, String truth, long start, long end, String note) {
    if (truth.isBlank() || start >= end) {
      throw Refusal.badRequest("'truth' must name a class, and 'start' be before 'end'");
    }
    long startMicros = TimeUnit.MILLISECONDS.toMicros(start);
    long endMicros = TimeUnit.MILLISECONDS.toMicros(end);
    StreamCard.Session session =
        streams
            .session(stream, startMicros)
            .orElseThrow(
                () ->
                    Refusal.notFound("no label of this stream at the start of the span was seen"));
    long source = session.sourceOffset();
    String name = String.join("\n", stream, truth, Long.toString(start), Long.toString(end));
    return write(
        Review.newBuilder()
            .setReviewId(UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString())
            .setKind(ReviewKind.MISSED)
            .setStreamId(stream)
            .setSession(Micros.instant(session.id()))
            .setLabel("")
            .setTruth(truth)
            .setStartCaptureTime(Micros.instant(startMicros))
            .setStartSourceTime(startMicros + source)
            .setEndCaptureTime(Micros.instant(endMicros))
            .setEndSourceTime(endMicros + source)
            .setReviewTime(Instant.now())
            .setNote(note)
            .build());
  }

  /** Takes a review back. */
  void remove(String id) {
    if (events.reviewOf(id).isEmpty()) {
      throw Refusal.notFound("there is no such review");
    }
    send(id, null);
    events.review(id, Optional.empty());
  }

  private Views.Review write(Review review) {
    send(review.getReviewId(), codec.encode(review));
    events.review(review.getReviewId(), Optional.of(review));
    return EventBoard.view(review);
  }

  private void send(String id, byte @Nullable [] value) {
    if (!writing.tryAcquire()) {
      throw new Refusal(Refusal.UNAVAILABLE, "other reviews are still being written: try again");
    }
    try {
      producer()
          .send(new ProducerRecord<>(topic, id.getBytes(UTF_8), value))
          .get(2 * WRITTEN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (OutageException | ConfigException | TimeoutException e) {
      throw new Refusal(Refusal.UNAVAILABLE, "the brokers did not take the review: try again");
    } catch (ExecutionException e) {
      throw refused(e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e));
    } catch (KafkaException e) {
      throw refused(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal(Refusal.UNAVAILABLE, "the dashboard ends");
    } finally {
      writing.release();
    }
  }

  private synchronized Producer<byte[], byte[]> producer() {
    Producer<byte[], byte[]> open = producer.orElseGet(this::open);
    producer = Optional.of(open);
    return open;
  }

  private Refusal refused(KafkaException e) {
    return e instanceof AuthorizationException
        ? new Refusal(
            Refusal.FORBIDDEN,
            "this user may not write to topic '%s': it needs CREATE, DESCRIBE and WRITE"
                .formatted(topic))
        : new Refusal(
            Refusal.UNAVAILABLE,
            "the review was not written to topic '%s': %s".formatted(topic, ClientFault.of(e)));
  }

  private Producer<byte[], byte[]> open() {
    try (Brokers brokers = new Brokers(access)) {
      brokers
          .topics()
          .create(
              topic,
              1,
              0,
              Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    }
    Map<String, Object> settings = new HashMap<>(access.producer());
    settings.put("acks", "all");
    settings.put("enable.idempotence", "true");
    // a review that is refused shall not be written later
    int millis = Math.toIntExact(WRITTEN.toMillis());
    settings.put("max.block.ms", millis);
    settings.put("delivery.timeout.ms", millis);
    settings.put("request.timeout.ms", millis / 2);
    settings.put("linger.ms", 0);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public synchronized void close() {
    producer.ifPresent(open -> open.close(Duration.ofSeconds(1)));
  }
}
