package io.gatestream.dashboard;

import io.gatestream.config.KafkaAccess;
import io.gatestream.frame.decode.Stills;
import io.gatestream.http.Refusal;
import io.gatestream.schema.Frame;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;

/**
 * Pictures of streams, read from the frames topic when they are asked for, at a bounded rate over
 * all who ask. Thread-safe.
 */
final class PictureDesk implements AutoCloseable {
  private static final int CLERKS = 2;
  private static final long WAIT_MILLIS = 500;

  /** The last label's frame lies at its time; others about as far apart as labels are. */
  private static final long SHORTEST_INTERVAL_MILLIS = 100;

  private static final long LONGEST_INTERVAL_MILLIS = 5_000;

  private final StreamBoard streams;
  private final String topic;
  private final Allowance allowance;
  private final BlockingQueue<Clerk> clerks = new ArrayBlockingQueue<>(CLERKS);
  private final PictureCache cache = new PictureCache();

  PictureDesk(KafkaAccess access, String topic, int perSecond, StreamBoard streams) {
    this.streams = streams;
    this.topic = topic;
    this.allowance = new Allowance(perSecond);
    for (int i = 0; i < CLERKS; i++) {
      clerks.add(new Clerk(access, topic));
    }
  }

  /**
   * The picture of a stream at a time.
   *
   * @param at capture time in milliseconds; empty for the last labelled frame
   * @throws Refusal it is not there, or not to be had now
   */
  StillPicture picture(String stream, Optional<Long> at, int width) {
    StreamBoard.StreamPlace place =
        streams
            .place(stream)
            .orElseThrow(() -> Refusal.notFound("no label of this stream was seen"));
    long wanted = at.orElse(place.captureTime());
    PictureCache.Key key = new PictureCache.Key(stream, wanted, width);
    Optional<StillPicture> known = cache.get(key);
    if (known.isPresent()) {
      return known.get();
    }
    if (!allowance.take(System.nanoTime())) {
      throw new Refusal(Refusal.TOO_MANY, "as many pictures as are allowed: ask again in a second");
    }
    StillPicture made = make(stream, place, wanted, at.isEmpty(), width);
    cache.put(key, made);
    return made;
  }

  private StillPicture make(
      String stream, StreamBoard.StreamPlace place, long wanted, boolean last, int width) {
    Clerk clerk = clerk();
    try {
      Frame frame =
          clerk
              .search()
              .find(
                  stream,
                  place.partition(),
                  wanted,
                  last ? 1 : interval(place.rate()),
                  last ? OptionalLong.of(place.sequence()) : OptionalLong.empty())
              .orElseThrow(
                  () ->
                      Refusal.notFound(
                          "the frame is not in topic '%s' any more: retention took it"
                              .formatted(topic)));
      // a time in milliseconds stands for all of its microseconds
      return Stills.at(frame, TimeUnit.MILLISECONDS.toMicros(wanted + 1) - 1, width)
          .map(still -> new StillPicture(still, frame.getSequence()))
          .orElseThrow(() -> Refusal.notFound("the frame does not decode"));
    } catch (AuthorizationException e) {
      throw new Refusal(Refusal.FORBIDDEN, "topic '%s' may not be read".formatted(topic));
    } catch (KafkaException e) {
      clerk.startAnew();
      throw new Refusal(Refusal.UNAVAILABLE, "the brokers do not answer");
    } finally {
      clerks.add(clerk);
    }
  }

  private Clerk clerk() {
    try {
      Clerk clerk = clerks.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
      if (clerk == null) {
        throw new Refusal(Refusal.TOO_MANY, "other pictures are being read: ask again in a second");
      }
      return clerk;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal(Refusal.UNAVAILABLE, "the dashboard ends");
    }
  }

  private static long interval(double rate) {
    return rate <= 0
        ? LONGEST_INTERVAL_MILLIS
        : Math.max(
            SHORTEST_INTERVAL_MILLIS, Math.min(LONGEST_INTERVAL_MILLIS, Math.round(2_000 / rate)));
  }

  /** Waits for pictures that are being made. */
  @Override
  public void close() {
    for (int i = 0; i < CLERKS; i++) {
      try {
        Clerk clerk = clerks.poll(LONGEST_INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        if (clerk != null) {
          clerk.close();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What one thread at a time finds frames with. */
  private static final class Clerk implements AutoCloseable {
    private final KafkaAccess access;
    private final String topic;
    private Optional<FrameSearch> search = Optional.empty();

    Clerk(KafkaAccess access, String topic) {
      this.access = access;
      this.topic = topic;
    }

    FrameSearch search() {
      FrameSearch open = search.orElseGet(() -> new FrameSearch(access, topic));
      search = Optional.of(open);
      return open;
    }

    void startAnew() {
      search.ifPresent(FrameSearch::close);
      search = Optional.empty();
    }

    @Override
    public void close() {
      startAnew();
    }
  }

  /** So many a second, as many at once. */
  static final class Allowance {
    private final int perSecond;
    private double left;
    private long filledAt;
    private boolean filled;

    Allowance(int perSecond) {
      this.perSecond = perSecond;
    }

    synchronized boolean take(long nanos) {
      left = filled ? Math.min(perSecond, left + (nanos - filledAt) / 1e9 * perSecond) : perSecond;
      filled = true;
      filledAt = nanos;
      if (left < 1) {
        return false;
      }
      left--;
      return true;
    }
  }

  /** The last pictures. Thread-safe. */
  private static final class PictureCache {
    private static final int MOST = 200;

    private final Map<Key, StillPicture> pictures =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, StillPicture> eldest) {
            return size() > MOST;
          }
        };

    private record Key(String stream, long at, int width) {}

    synchronized Optional<StillPicture> get(Key key) {
      return Optional.ofNullable(pictures.get(key));
    }

    synchronized void put(Key key, StillPicture picture) {
      pictures.put(key, picture);
    }
  }
}
