package io.gatestream.stream.ask;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.config.KafkaAccess;
import io.gatestream.http.Answer;
import io.gatestream.http.Page;
import io.gatestream.http.Refusal;
import io.gatestream.http.Request;
import io.gatestream.model.StateSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The pages {@code /streams} and {@code /streams/{id}}. They read the store on the threads of the
 * server, through the read-only views of Kafka Streams, which are for any thread, and never while
 * the stream thread closes the store. Few are answered at once, so that the other pages always have
 * a thread. Thread-safe.
 */
public final class StreamPages implements AutoCloseable {
  /** How long a commit is waited for beyond the time from one to the next. */
  private static final Duration COMMIT = Duration.ofSeconds(5);

  /** What looking up a label, and being asked over the network, take at most. */
  private static final Duration OTHERS = LastLabels.WAIT.multipliedBy(2).plusSeconds(1);

  /** Of whoever asks, and of instances that ask this one: else two could wait for each other. */
  private static final int MOST_ASKED = 2;

  private static final int MOST_LOCAL = 3;

  private static final int LIMIT = 100;
  private static final int MOST_STREAMS = 1_000;

  private final Parts parts;
  private final Duration patience;
  private final LastLabels labels;
  private final HttpPeers peers;
  private final Semaphore asked = new Semaphore(MOST_ASKED);
  private final Semaphore local = new Semaphore(MOST_LOCAL);

  /** Null until the instance can be asked. */
  private volatile @Nullable StreamQuestions questions;

  /**
   * What the pages tell of.
   *
   * @param application its id
   * @param partitions of the frames topic; 0 where that is not known
   * @param specs of the state tensors of the model
   * @param model its state fingerprint
   * @param commitInterval from one commit to the next
   */
  public record Parts(
      String application,
      int partitions,
      KafkaAccess kafka,
      String labelsTopic,
      List<StateSpec> specs,
      String model,
      Duration commitInterval,
      OpenTasks tasks) {}

  public StreamPages(Parts parts) {
    this.parts = parts;
    this.patience = parts.commitInterval().plus(COMMIT);
    this.labels = new LastLabels(parts.kafka(), parts.labelsTopic());
    this.peers = new HttpPeers(parts.application(), patience.plus(OTHERS));
  }

  /** From now on there are answers. */
  public void connect(StreamStore store, Instances instances) {
    OwnReplies own =
        new OwnReplies(
            parts.application(),
            instances.self(),
            new LocalStates(parts.tasks(), store, patience),
            new StateJson(parts.specs(), parts.model()),
            labels);
    questions = new StreamQuestions(own, instances, peers, parts.partitions());
  }

  public List<Page> pages() {
    return List.of(Page.get("/streams", this::list), Page.get("/streams/{id}", this::stream));
  }

  private Answer list(Request request) {
    return answered(
        () -> {
          int limit = limit(request);
          Optional<Bytes> after =
              request
                  .query("after")
                  .map(id -> Bytes.wrap(id.getBytes(UTF_8)))
                  .or(() -> request.query("afterKey").map(StreamList::keyOf));
          return flag(request, "local")
              ? alone(() -> json(questions().ownList(after, limit)))
              : forAll(() -> json(Reply.OK, questions().list(after, limit)));
        });
  }

  private static int limit(Request request) {
    String given = request.query("limit").orElse(Integer.toString(LIMIT));
    if (given.matches("[0-9]{1,9}")) {
      int limit = Integer.parseInt(given);
      if (limit >= 1 && limit <= MOST_STREAMS) {
        return limit;
      }
    }
    throw Refusal.badRequest("limit is '%s': give 1 to %d".formatted(given, MOST_STREAMS));
  }

  private Answer stream(Request request) {
    return answered(
        () -> {
          Bytes id = Bytes.wrap(request.segment("id").getBytes(UTF_8));
          boolean tensors = flag(request, "tensors");
          return flag(request, "local")
              ? alone(() -> json(questions().ownStream(id, tensors)))
              : forAll(() -> json(Reply.OK, questions().stream(id, tensors)));
        });
  }

  private static boolean flag(Request request, String name) {
    String given = request.query(name).orElse("false");
    if (!given.equals("true") && !given.equals("false")) {
      throw Refusal.badRequest("%s is '%s': give true or false".formatted(name, given));
    }
    return given.equals("true");
  }

  private StreamQuestions questions() {
    StreamQuestions known = questions;
    if (known == null) {
      throw Unavailable.starting();
    }
    return known;
  }

  private Answer forAll(Supplier<Answer> question) {
    return within(asked, MOST_ASKED, question);
  }

  private Answer alone(Supplier<Answer> question) {
    return within(local, MOST_LOCAL, question);
  }

  private static Answer within(Semaphore permits, int most, Supplier<Answer> question) {
    if (!permits.tryAcquire()) {
      throw Unavailable.busy(most);
    }
    try {
      return question.get();
    } finally {
      permits.release();
    }
  }

  /** With what a client needs to ask again. */
  private static Answer answered(Supplier<Answer> question) {
    try {
      return question.get();
    } catch (Refusal e) {
      if (e.status() != Refusal.UNAVAILABLE) {
        throw e;
      }
      ObjectNode body = JsonNodeFactory.instance.objectNode().put("error", e.getMessage());
      return json(e.status(), body).with("Retry-After", "1");
    }
  }

  private static Answer json(Reply reply) {
    return json(reply.status(), reply.body());
  }

  private static Answer json(int status, ObjectNode body) {
    return Answer.json(status, body + "\n");
  }

  @Override
  public void close() {
    labels.close();
  }
}
