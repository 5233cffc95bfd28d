package io.gatestream.stream.ask;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.http.Refusal;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/** A page of streams, put together from those of several instances. */
final class StreamList {
  static final String STREAMS = "streams";

  /** The bytes of the id, hexadecimal: for the order, and for keys that are no text. */
  private static final String KEY = "key";

  private static final HexFormat HEX = HexFormat.of();

  private StreamList() {}

  static ObjectNode keyed(Bytes id, ObjectNode line) {
    return line.put(KEY, HEX.formatHex(id.get()));
  }

  /** As it is shown. */
  static void unkeyed(ObjectNode line) {
    line.remove(KEY);
  }

  /**
   * The next lines of all replies, by the bytes of the ids. A stream that lies in several
   * partitions has a line for each, and these stay on one page.
   *
   * @return whether there are more
   */
  static boolean merge(List<Reply> replies, int limit, List<ObjectNode> page) {
    List<ObjectNode> all = new ArrayList<>();
    for (Reply reply : replies) {
      for (JsonNode line : reply.body().path(STREAMS)) {
        if (line instanceof ObjectNode stream) {
          all.add(stream);
        }
      }
    }
    all.sort(
        Comparator.comparing(StreamList::key)
            .thenComparingInt(StreamList::partition)
            .thenComparing(line -> line.path("captureTime").asText(), Comparator.reverseOrder()));
    for (ObjectNode line : all) {
      if (!page.isEmpty() && isSame(line, page.get(page.size() - 1))) {
        continue; // an instance that was cut off answers too; the other has gone on
      }
      if (page.size() >= limit && !key(line).equals(key(page.get(page.size() - 1)))) {
        return true;
      }
      page.add(line);
    }
    return false;
  }

  private static boolean isSame(ObjectNode line, ObjectNode other) {
    return key(line).equals(key(other)) && partition(line) == partition(other);
  }

  private static int partition(ObjectNode line) {
    return line.path("partition").asInt();
  }

  private static String key(ObjectNode line) {
    return line.path(KEY).asText();
  }

  /** The address of what comes after a page. */
  static String next(List<ObjectNode> page, int limit) {
    return path(limit, Optional.of(Bytes.wrap(HEX.parseHex(key(page.get(page.size() - 1))))));
  }

  /** An id that is no text goes in hexadecimal. */
  static String path(int limit, Optional<Bytes> after) {
    return "/streams?limit=" + limit + after.map(StreamList::parameter).orElse("");
  }

  private static String parameter(Bytes id) {
    String text = StateJson.id(id);
    return Bytes.wrap(text.getBytes(UTF_8)).equals(id)
        ? "&after=" + URLEncoder.encode(text, UTF_8)
        : "&afterKey=" + HEX.formatHex(id.get());
  }

  /**
   * What {@code afterKey} says.
   *
   * @throws Refusal it is no hexadecimal number
   */
  static Bytes keyOf(String hex) {
    try {
      return Bytes.wrap(HEX.parseHex(hex));
    } catch (IllegalArgumentException e) {
      throw Refusal.badRequest("afterKey=%s is not hexadecimal".formatted(hex));
    }
  }
}
