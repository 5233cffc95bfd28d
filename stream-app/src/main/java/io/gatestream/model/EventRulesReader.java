package io.gatestream.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Reads event rules: {@code events} of model.json, or a file that holds the same object. The fields
 * of the object itself are those of every class but the background; {@code labels} has others for
 * single classes, and null for none.
 */
public final class EventRulesReader {
  private static final String LABELS = "labels";

  private final JsonFields fields;
  private final List<String> labels;
  private final Optional<String> background;

  EventRulesReader(JsonFields fields, List<String> labels, Optional<String> background) {
    this.fields = fields;
    this.labels = labels;
    this.background = background;
  }

  /**
   * The rules that count for a bundle: those of the settings' file, else the bundle's own.
   *
   * @throws ConfigException the file's cannot be used
   */
  public static EventRules inForce(ModelBundle bundle, RunConfig.Events settings) {
    if (!settings.enabled()) {
      return EventRules.NONE;
    }
    return settings.rules().map(file -> read(file, bundle)).orElse(bundle.events());
  }

  /**
   * Reads the rules of a file, which count in place of the bundle's.
   *
   * @throws ConfigException with every problem found
   */
  static EventRules read(Path file, ModelBundle bundle) {
    JsonNode json = BundleFiles.readJson(file);
    FieldProblems problems = new FieldProblems(file.toString());
    EventRules rules =
        new EventRulesReader(
                new JsonFields(json, "", problems), bundle.labels(), bundle.background())
            .read();
    if (problems.all().isEmpty() && rules.isEmpty()) {
      problems.add("%s: no class has a rule: give enter and exit".formatted(file));
    }
    if (!problems.all().isEmpty()) {
      throw new ConfigException(problems.all());
    }
    return rules;
  }

  /** The rules; what is wrong is noted with the fields. */
  EventRules read() {
    Fields common = new Fields(fields, null);
    JsonFields single =
        fields
            .optionalObject(LABELS)
            .orElseGet(() -> new JsonFields(MissingNode.getInstance(), "", new FieldProblems("")));
    for (String name : single.names()) {
      if (!labels.contains(name)) {
        fields.problem(
            LABELS + "." + name,
            "%s%s names '%s': expected one of the labels %s"
                .formatted(fields.prefix(), LABELS, name, labels));
      }
    }
    boolean forAll = !fields.absent("enter") || !fields.absent("exit");
    List<EventRule> rules = new ArrayList<>();
    for (int label = 0; label < labels.size(); label++) {
      String name = labels.get(label);
      boolean named = single.names().contains(name);
      if (named && !single.absent(name)) {
        rules.add(new Fields(single.object(name), common).rule(label, name));
      } else if (!named && forAll && !background.equals(Optional.of(name))) {
        rules.add(common.rule(label, name));
      }
    }
    long update = common.time("updateMillis", 0);
    long idle = common.time("idleMillis", EventRules.NONE.idle());
    if (idle == 0) {
      fields.wrong("idleMillis", "1 or more: a stream would be silent between any two frames");
    }
    return new EventRules(rules, update, idle);
  }

  /** The fields of a rule; those that are absent are taken from the common ones. */
  private record Fields(JsonFields json, @Nullable Fields common) {
    EventRule rule(int label, String name) {
      double enter = score("enter");
      double exit = score("exit");
      if (exit > enter && json.areSound("enter", "exit")) {
        json.problem(
            json.absent("exit") ? "enter" : "exit",
            "%sexit is %s and enter %s: an event would end as soon as it began; expected an exit of at most enter"
                .formatted(json.prefix(), exit, enter));
      }
      if (exit == 0 && json.areSound("exit")) {
        json.problem(
            "exit",
            "%sexit is 0, and no score is below it: an event would never end; expected more than 0"
                .formatted(json.prefix()));
      }
      return new EventRule(
          label,
          name,
          time("smoothingMillis", 0),
          enter,
          time("enterMillis", 0),
          exit,
          time("exitMillis", 0),
          time("leastMillis", 0),
          time("mergeMillis", 0));
    }

    private double score(String name) {
      if (json.absent(name) && common != null) {
        return common.score(name);
      }
      OptionalDouble given = json.optionalNumber(name);
      double score = given.orElse(2);
      if (!(score >= 0 && score <= 1)) {
        json.wrong(
            name,
            score > 1 && given.isPresent()
                ? "a score from 0 to 1: no score is above 1, so an event would never begin or never last"
                : "a score from 0 to 1");
      }
      return score;
    }

    long time(String name, long standard) {
      if (json.absent(name)) {
        return common == null ? standard : common.time(name, standard);
      }
      return json.integer(name, 0, (int) (EventRule.LONGEST / 1_000)) * 1_000L;
    }
  }
}
