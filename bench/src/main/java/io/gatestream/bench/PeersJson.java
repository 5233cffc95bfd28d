package io.gatestream.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The table of peers as one JSON object: each run's figures, so that others can be made of them.
 */
final class PeersJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  private PeersJson() {}

  static ObjectNode of(PeersReport report) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("when", report.when().toString());
    json.put("machine", report.machine());
    json.put("turns", report.turns());
    json.put("warmUpSeconds", report.warmUp());
    json.put("seconds", report.seconds());
    ArrayNode rows = json.putArray("rows");
    report.rows().forEach(row -> put(rows.addObject(), row));
    ArrayNode left = json.putArray("notMeasured");
    report.notMeasured().forEach(left::add);
    return json;
  }

  private static void put(ObjectNode json, PeerRowResult row) {
    json.put("row", row.row().title());
    json.put("description", row.row().description());
    json.put("sent", row.sent());
    json.set("setup", MAPPER.valueToTree(row.setup()));
    put(json.putObject("gatestreamToItself"), row.itself());
    ArrayNode comparisons = json.putArray("comparisons");
    for (PeerRowResult.Comparison of : row.comparisons()) {
      ObjectNode entry = comparisons.addObject();
      entry.put("what", of.what());
      put(entry, of.ratio());
      of.atLeast().ifPresent(limit -> entry.put("atLeast", limit).put("met", of.isMet()));
    }
    for (Target target : row.targets()) {
      ObjectNode entry = comparisons.addObject();
      entry.put("what", target.what());
      put(entry, target.figure());
      entry.put("atMost", target.limit()).put("met", target.isMet());
    }
    ObjectNode peers = json.putObject("peers");
    for (PeerRowResult.Lane lane : row.lanes()) {
      peers.set(lane.peer().title(), MAPPER.valueToTree(lane.turns()));
    }
  }

  private static void put(ObjectNode json, Figure figure) {
    json.put("median", figure.median());
    json.put("spread", figure.spread());
    ArrayNode values = json.putArray("values");
    figure.values().forEach(values::add);
  }
}
