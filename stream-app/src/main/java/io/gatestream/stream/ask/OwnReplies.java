package io.gatestream.stream.ask;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.http.Refusal;
import io.gatestream.stream.ask.LastLabels.LastLabel;
import io.gatestream.stream.ask.LocalStates.Found;
import io.gatestream.stream.ask.LocalStates.Search;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.utils.Bytes;

/** What this instance answers from its own partitions. Thread-safe. */
final class OwnReplies {
  private final String application;
  private final String self;
  private final LocalStates states;
  private final StateJson json;
  private final LastLabels labels;

  OwnReplies(
      String application, String self, LocalStates states, StateJson json, LastLabels labels) {
    this.application = application;
    this.self = self;
    this.states = states;
    this.json = json;
    this.labels = labels;
  }

  /**
   * One stream.
   *
   * @param home the partition that counts where the stream lies in several
   * @throws Refusal it is not committed in time, or too large
   */
  Reply stream(Bytes id, OptionalInt home, boolean tensors) {
    Search search = states.find(id);
    Optional<Found> best =
        search.found().stream()
            .max(
                Comparator.comparing(
                        (Found found) -> home.equals(OptionalInt.of(found.partition())))
                    .thenComparing(found -> found.state().progress().lastCaptureTime())
                    .thenComparing(Found::partition));
    ObjectNode body = body(search);
    if (best.isEmpty()) {
      body.put("error", "no stream '%s' here".formatted(StateJson.id(id)));
      return new Reply(self, Refusal.NOT_FOUND, body);
    }
    body.setAll(json.all(best.get(), tensors));
    LastLabel last = labels.of(best.get());
    body.set("lastLabel", StateJson.label(last.label()));
    if (last.label() == null) {
      body.put("noLastLabel", last.why());
    }
    return new Reply(self, Reply.OK, body);
  }

  /** The next streams, and one more, which tells whether there are others. */
  Reply list(Optional<Bytes> after, int limit) {
    Search search = states.list(after, limit + 1);
    ObjectNode body = body(search);
    ArrayNode lines = body.putArray(StreamList.STREAMS);
    search.found().forEach(found -> lines.add(StreamList.keyed(found.id(), json.line(found))));
    return new Reply(self, Reply.OK, body);
  }

  private ObjectNode body(Search search) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put(Reply.APPLICATION, application);
    body.put(Reply.INSTANCE, self);
    ArrayNode partitions = body.putArray(Reply.LOOKED_THROUGH);
    search.partitions().forEach(partitions::add);
    return body;
  }
}
