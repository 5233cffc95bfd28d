package io.gatestream.model;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatestream.errors.IoReason;
import io.gatestream.errors.OutageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** Writes event rules, into a file of their own or into a bundle. */
public final class EventRulesWriter {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private EventRulesWriter() {}

  /**
   * Writes a file that {@code events.rules} takes.
   *
   * @param labels of the bundle
   * @param background of the bundle, which needs no rule
   */
  public static void write(
      Path file, EventRules rules, List<String> labels, Optional<String> background) {
    write(file, json(rules, labels, background));
  }

  /** Puts rules into model.json, in place of what is there; all else stays as it is. */
  public static void writeInto(ModelBundle bundle, EventRules rules) {
    Path file = bundle.folder().resolve(BundleFiles.CONTRACT);
    try {
      ObjectNode contract = (ObjectNode) MAPPER.readTree(Files.readAllBytes(file));
      contract.set("events", json(rules, bundle.labels(), bundle.background()));
      write(file, contract);
    } catch (IOException e) {
      throw new OutageException("cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /** The rule of the first class is that of all; others that differ have their own. */
  public static ObjectNode json(
      EventRules rules, List<String> labels, Optional<String> background) {
    ObjectNode json = MAPPER.createObjectNode();
    if (rules.isEmpty()) {
      return json;
    }
    EventRule common = rules.rules().get(0);
    put(json, common);
    json.put("updateMillis", rules.update() / 1_000);
    json.put("idleMillis", rules.idle() / 1_000);
    ObjectNode single = MAPPER.createObjectNode();
    for (int label = 0; label < labels.size(); label++) {
      int index = label;
      String name = labels.get(label);
      Optional<EventRule> own =
          rules.rules().stream().filter(rule -> rule.label() == index).findFirst();
      if (own.isEmpty() && !background.equals(Optional.of(name))) {
        single.putNull(name);
      } else if (own.isPresent()
          && (background.equals(Optional.of(name)) || !own.get().equals(common.of(index, name)))) {
        put(single.putObject(name), own.get());
      }
    }
    if (!single.isEmpty()) {
      json.set("labels", single);
    }
    return json;
  }

  private static void put(ObjectNode json, EventRule rule) {
    json.put("smoothingMillis", rule.smoothing() / 1_000);
    json.put("enter", rule.enter());
    json.put("enterMillis", rule.enterTime() / 1_000);
    json.put("exit", rule.exit());
    json.put("exitMillis", rule.exitTime() / 1_000);
    json.put("leastMillis", rule.least() / 1_000);
    json.put("mergeMillis", rule.merge() / 1_000);
  }

  /** Beside the file first: one that is read meanwhile is whole. */
  private static void write(Path file, ObjectNode json) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(whole, MAPPER.writer(printer).writeValueAsString(json) + "\n");
      Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new OutageException("cannot write %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }
}
