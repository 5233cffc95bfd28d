package io.gatestream.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import io.gatestream.model.ComputePlan;
import java.io.IOException;
import java.nio.file.Path;

/** A bench as one JSON object. Rates are frames a second, medians unless they stand in a list. */
final class BenchJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  private BenchJson() {}

  /**
   * Writes a file.
   *
   * @throws OutageException it cannot be written
   */
  static void write(ObjectNode json, Path file) {
    try {
      MAPPER.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), json);
    } catch (IOException e) {
      throw new OutageException("%s cannot be written: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  static ObjectNode of(BenchReport report) {
    BenchReport.Rates rates = report.rates();
    ObjectNode json = MAPPER.createObjectNode();
    json.put("rawLimitFps", rates.raw().median());
    json.put("endToEndFps", rates.endToEnd().median());
    json.put("naiveFps", rates.naive().median());
    json.put("naivePerCoreFps", rates.naivePerCore().median());
    json.put("ratioToRawLimit", rates.toRaw().median());
    rates.toRawNet().ifPresent(net -> json.put("ratioToRawLimitNetOfBroker", net.median()));
    json.put("ratioToRawLimitByCpuTime", rates.toRawByCpu().median());
    json.put("ratioToNaive", rates.toNaive().median());
    json.put("ratioToNaivePerCore", rates.toNaivePerCore().median());
    ObjectNode spread = json.putObject("spread");
    spread.put("rawLimitFps", rates.raw().spread());
    spread.put("endToEndFps", rates.endToEnd().spread());
    spread.put("endToEndToItself", rates.endToEnd().overItself().spread());
    spread.put("naiveFps", rates.naive().spread());
    spread.put("naivePerCoreFps", rates.naivePerCore().spread());
    spread.put("ratioToRawLimit", rates.toRaw().spread());
    rates.toRawNet().ifPresent(net -> spread.put("ratioToRawLimitNetOfBroker", net.spread()));
    spread.put("ratioToRawLimitByCpuTime", rates.toRawByCpu().spread());
    spread.put("ratioToNaive", rates.toNaive().spread());
    spread.put("ratioToNaivePerCore", rates.toNaivePerCore().spread());
    ObjectNode delays = json.putObject("delayMillis");
    report.delays().forEach(delay -> put(delays.putObject(Integer.toString(delay.load())), delay));
    put(json.putObject("overloadLatest"), report.overload());
    ArrayNode stages = json.putArray("stages");
    report.stages().forEach(stage -> put(stages.addObject(), stage));
    json.set("setup", MAPPER.valueToTree(report.setup()));
    meaning(json.putObject("meaning"), report.meaning(), report.setup().plan());
    ObjectNode values = json.putObject("values");
    put(values, "rawLimitFps", rates.raw());
    put(values, "endToEndFps", rates.endToEnd());
    put(values, "naiveFps", rates.naive());
    put(values, "naivePerCoreFps", rates.naivePerCore());
    rates.brokerShare().ifPresent(share -> put(values, "brokerShareOfCores", share));
    json.put("rawLimitWay", rates.rawWay());
    return json;
  }

  static ObjectNode of(TargetsReport report) {
    ObjectNode json = MAPPER.createObjectNode();
    put(json, "endToEndToItself", report.itself());
    put(json, "ratioToRawLimitByCpuTime", report.byCpu());
    put(json, "freeToBareOnSmallFrames", report.freeOnSmall());
    ArrayNode targets = json.putArray("targets");
    for (Target target : report.targets()) {
      ObjectNode entry = targets.addObject();
      entry.put("what", target.what());
      entry.put("value", target.figure().median());
      entry.put("spread", target.figure().spread());
      entry.put(target.atLeast() ? "atLeast" : "atMost", target.limit());
      entry.put("met", target.isMet());
    }
    ObjectNode rates = json.putObject("fps");
    report.rates().forEach((what, figure) -> put(rates, what, figure));
    json.set("setup", MAPPER.valueToTree(report.setup()));
    return json;
  }

  private static void put(ObjectNode json, Delay delay) {
    json.put("load", delay.load());
    json.put("p50", delay.p50());
    json.put("p95", delay.p95());
    json.put("p99", delay.p99());
    json.put("sentFps", delay.fps());
    json.put("streams", delay.streams());
    json.put("frames", delay.frames());
    json.put("unlabelled", delay.unlabelled());
  }

  private static void put(ObjectNode json, StageFigure stage) {
    json.put("stage", stage.stage());
    json.put("setting", stage.setting());
    json.put("fps", stage.fps().median());
    json.put("spread", stage.fps().spread());
  }

  private static void meaning(ObjectNode json, BenchReport.Meaning meaning, ComputePlan plan) {
    json.put("frameRate", meaning.frameRate());
    json.put("cameras", meaning.cameras());
    json.put("partitions", meaning.partitions());
    json.put("streamThreads", meaning.streamThreads());
    json.put("workers", plan.workers());
    json.put("encoderCallers", plan.callers());
    json.put("encoderThreads", plan.threads());
    json.put("encoderBatch", plan.batch());
    meaning.residentBytes().ifPresent(bytes -> json.put("residentBytes", bytes));
    json.put("topicBytesPerSecond", meaning.topicBytes());
    meaning.labelBytes().ifPresent(bytes -> json.put("labelBytesPerSecond", bytes));
    meaning.changelogBytes().ifPresent(bytes -> json.put("changelogBytesPerSecond", bytes));
  }

  private static void put(ObjectNode json, String name, Figure figure) {
    ArrayNode values = json.putArray(name);
    figure.values().forEach(values::add);
  }
}
