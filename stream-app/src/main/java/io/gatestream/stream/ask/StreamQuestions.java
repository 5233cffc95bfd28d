package io.gatestream.stream.ask;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.http.Refusal;
import io.gatestream.stream.ask.Instances.Home;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;

/**
 * Answers for the whole application, whichever instance has a partition. The instance that is asked
 * asks the others, and those answer for themselves alone, so no question goes round. Thread-safe.
 */
final class StreamQuestions {
  private final OwnReplies own;
  private final Instances instances;
  private final Peers peers;
  private final int partitions;

  /**
   * Creates it.
   *
   * @param partitions of the frames topic; 0 where that is not known
   */
  StreamQuestions(OwnReplies own, Instances instances, Peers peers, int partitions) {
    this.own = own;
    this.instances = instances;
    this.peers = peers;
    this.partitions = partitions;
  }

  /** This instance's part of {@link #stream}. */
  Reply ownStream(Bytes id, boolean tensors) {
    return own.stream(id, home(instances.homeOf(id)), tensors);
  }

  private static OptionalInt home(Optional<Home> home) {
    return home.isPresent() ? OptionalInt.of(home.get().partition()) : OptionalInt.empty();
  }

  /** This instance's part of {@link #list}. */
  Reply ownList(Optional<Bytes> after, int limit) {
    return own.list(after, limit);
  }

  /**
   * A stream, wherever it lies. Its home is where Kafka's own partitioner puts it. Producers may
   * use others, so what is not at home is looked for everywhere.
   *
   * @throws Refusal there is none, or nobody can tell now
   */
  ObjectNode stream(Bytes id, boolean tensors) {
    Optional<Home> home = instances.homeOf(id);
    Predicate<Reply> isAtHome =
        reply -> reply.found() && home(home).equals(OptionalInt.of(reply.partition()));
    String path = path(id, tensors);
    List<Reply> replies = new ArrayList<>();
    replies.add(own.stream(id, home(home), tensors));
    List<String> others = new ArrayList<>(instances.others());
    home.map(Home::instance)
        .filter(others::remove)
        .filter(there -> !isAtHome.test(replies.get(0)))
        .ifPresent(there -> replies.add(peers.ask(there, path).join()));
    for (Reply reply : replies) {
      if (isAtHome.test(reply)) {
        return body(reply);
      }
    }
    replies.addAll(askAll(others, path));
    return fromAll(id, replies, isAtHome);
  }

  private static String path(Bytes id, boolean tensors) {
    String segment = URLEncoder.encode(StateJson.id(id), UTF_8).replace("+", "%20");
    return "/streams/%s?local=true%s".formatted(segment, tensors ? "&tensors=true" : "");
  }

  private List<Reply> askAll(List<String> others, String path) {
    List<CompletableFuture<Reply>> asked =
        others.stream().map(other -> peers.ask(other, path)).toList();
    return asked.stream().map(CompletableFuture::join).toList();
  }

  /** Without the home's word that the stream is there, everyone's is needed. */
  private ObjectNode fromAll(Bytes id, List<Reply> replies, Predicate<Reply> isAtHome) {
    for (Reply reply : replies) {
      if (reply.isRefusal()) {
        throw new Refusal(reply.status(), reply.error());
      }
    }
    Optional<Reply> best =
        replies.stream()
            .filter(Reply::found)
            .max(
                Comparator.comparing(isAtHome::test)
                    .thenComparing(reply -> reply.body().path("captureTime").asText())
                    .thenComparing(Reply::partition));
    SortedSet<Integer> missing = missing(replies);
    if (best.filter(isAtHome).isEmpty() && !missing.isEmpty()) {
      throw Unavailable.nobodyHas(missing);
    }
    return body(
        best.orElseThrow(
            () -> Refusal.notFound("no stream '%s' in any partition".formatted(StateJson.id(id)))));
  }

  private SortedSet<Integer> missing(List<Reply> replies) {
    SortedSet<Integer> missing = new TreeSet<>();
    for (int partition = 0; partition < partitions; partition++) {
      missing.add(partition);
    }
    replies.forEach(reply -> missing.removeAll(reply.partitions()));
    return missing;
  }

  private static ObjectNode body(Reply reply) {
    ObjectNode body = reply.body();
    body.remove(Reply.LOOKED_THROUGH);
    return body;
  }

  /** The next streams of all instances; says whose are missing. */
  ObjectNode list(Optional<Bytes> after, int limit) {
    List<String> others = instances.others();
    String path = StreamList.path(limit, after) + "&local=true";
    List<CompletableFuture<Reply>> asked =
        others.stream().map(other -> peers.ask(other, path)).toList();
    List<Reply> replies = new ArrayList<>();
    replies.add(ownPart(after, limit));
    asked.forEach(reply -> replies.add(reply.join()));
    return list(replies, limit);
  }

  private Reply ownPart(Optional<Bytes> after, int limit) {
    try {
      return own.list(after, limit);
    } catch (Refusal e) {
      return Reply.failed(instances.self(), e.status(), String.valueOf(e.getMessage()));
    }
  }

  private ObjectNode list(List<Reply> replies, int limit) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    List<ObjectNode> page = new ArrayList<>();
    boolean more = StreamList.merge(replies, limit, page);
    body.putArray(StreamList.STREAMS).addAll(page);
    body.put("next", more ? StreamList.next(page, limit) : null);
    page.forEach(StreamList::unkeyed);
    ArrayNode missing = body.putArray("missing");
    for (Reply reply : replies) {
      if (!reply.found()) {
        missing.addObject().put(Reply.INSTANCE, reply.instance()).put("error", reply.error());
      }
    }
    ArrayNode partitionsMissing = body.putArray("missingPartitions");
    missing(replies).forEach(partitionsMissing::add);
    return body;
  }
}
