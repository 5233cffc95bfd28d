package io.gatestream.stream;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the JVM which methods its second compiler leaves to the first: those that steer, such as
 * Kafka's clients, whose loops are short and whose compiled forms are large. They cost that
 * compiler half of a core for the first minute and memory for ever, and gain a hundredth of a
 * frame's time (docs/decisions/0035-compilers.md). What computes is compiled as always.
 *
 * <p>A JVM that knows no such rules runs on without them, as does one that was started with {@code
 * -Dgatestream.compilers=jvm}.
 */
final class CompilerRules {
  private static final Logger log = LoggerFactory.getLogger(CompilerRules.class);
  private static final AtomicBoolean given = new AtomicBoolean();

  private static final List<String> STEERING =
      List.of(
          "org/apache/kafka/*.*",
          "io/gatestream/lookahead/*.*",
          "io/gatestream/stream/steps/*.*",
          "io/gatestream/stream/passes/*.*",
          "io/gatestream/stream/Frame*.*",
          "io/micrometer/*.*",
          "io/prometheus/*.*",
          "sun/nio/*.*",
          "java/lang/invoke/*.*",
          "jdk/internal/*.*");

  private CompilerRules() {}

  /** Gives the rules to this JVM, once in its life. */
  static void give() {
    if ("jvm".equals(System.getProperty("gatestream.compilers")) || given.getAndSet(true)) {
      return;
    }
    try {
      Path file = Files.createTempFile("gatestream-compilers", ".json");
      try {
        Files.writeString(file, rules());
        log.debug("compilers: {}", add(file).strip());
      } finally {
        Files.delete(file);
      }
    } catch (IOException | JMException | RuntimeException e) {
      log.debug("this JVM takes no rules for its compilers", e);
    }
  }

  static String rules() {
    return STEERING.stream()
        .map("\"%s\""::formatted)
        .collect(Collectors.joining(", ", "[{ match: [", "], c2: { Exclude: true } }]\n"));
  }

  /** As {@code jcmd PID Compiler.directives_add FILE} does; returns what that prints. */
  static String add(Path file) throws JMException {
    return (String)
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "compilerDirectivesAdd",
                new Object[] {new String[] {file.toString()}},
                new String[] {String[].class.getName()});
  }
}
