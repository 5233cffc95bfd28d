package io.gatestream.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A line of the table of rights in docs/kafka.md, with names filled in.
 *
 * @param needed whether the command does not work without it
 */
record DocumentedRight(AclOperation operation, ResourcePattern pattern, boolean needed) {
  private static final Path PAGE = Gatestream.ROOT.resolve("docs/kafka.md");

  private static final Pattern TABLE =
      Pattern.compile("<!-- rights -->(.*)<!-- /rights -->", Pattern.DOTALL);

  /** Command, operation, kind of resource, name, and what happens without it. */
  private static final Pattern LINE =
      Pattern.compile(
          "\\| `([^`]+)` \\| (\\w+) \\| (topic|group|transactional ids|cluster)(?: `([^`]+)`)? \\| ([^|]+) \\|");

  private static final String NEEDED = "it does not work";

  /**
   * All rights that the page lists for a command.
   *
   * @param names what stands for names on the page, such as {@code frames}, and the test's own
   */
  static Set<DocumentedRight> of(String command, Map<String, String> names) {
    Set<DocumentedRight> rights = new LinkedHashSet<>();
    for (String line : table().lines().toList()) {
      Matcher found = LINE.matcher(line);
      if (found.matches() && found.group(1).equals(command)) {
        rights.add(read(found, names));
      }
    }
    if (rights.isEmpty()) {
      throw new IllegalStateException("%s lists no rights for %s".formatted(PAGE, command));
    }
    return rights;
  }

  /** Lines of the table that are not understood; the head and the line under it are. */
  static Set<String> strangeLines() {
    Set<String> strange = new LinkedHashSet<>(table().strip().lines().skip(2).toList());
    strange.removeIf(line -> LINE.matcher(line).matches());
    return strange;
  }

  private static String table() {
    try {
      Matcher table = TABLE.matcher(Files.readString(PAGE));
      if (!table.find()) {
        throw new IllegalStateException("no table of rights in " + PAGE);
      }
      return table.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DocumentedRight read(Matcher line, Map<String, String> names) {
    String operation = line.group(2).replaceAll("(?<=[a-z])(?=[A-Z])", "_");
    ResourceType type =
        switch (line.group(3)) {
          case "topic" -> ResourceType.TOPIC;
          case "group" -> ResourceType.GROUP;
          case "transactional ids" -> ResourceType.TRANSACTIONAL_ID;
          default -> ResourceType.CLUSTER;
        };
    String name = line.group(4) == null ? "kafka-cluster" : line.group(4);
    boolean prefix = name.endsWith("*");
    return new DocumentedRight(
        AclOperation.valueOf(operation.toUpperCase(Locale.ROOT)),
        new ResourcePattern(
            type,
            filled(prefix ? name.substring(0, name.length() - 1) : name, names),
            prefix ? PatternType.PREFIXED : PatternType.LITERAL),
        line.group(5).startsWith(NEEDED));
  }

  /** The whole name, or what it begins with. */
  private static String filled(String name, Map<String, String> names) {
    if (names.containsKey(name)) {
      return names.get(name);
    }
    String filled = name;
    for (Map.Entry<String, String> one : names.entrySet()) {
      if (one.getKey().equals(one.getKey().toUpperCase(Locale.ROOT))) {
        filled = filled.replace(one.getKey(), one.getValue());
      }
    }
    return filled;
  }

  /** As messages name the operation, such as {@code DescribeConfigs}. */
  String operationName() {
    return Pattern.compile("_")
        .splitAsStream(operation.name())
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  @Override
  public String toString() {
    return "%s on %s %s".formatted(operationName(), pattern.resourceType(), pattern.name());
  }
}
