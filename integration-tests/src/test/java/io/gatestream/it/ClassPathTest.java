package io.gatestream.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is on the class path of which command. */
@ExtendWith(GatestreamExtension.class)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ClassPathTest {
  private static final Pattern OF_THE_BROKER =
      Pattern.compile("gatestream-(broker|bench)-|/kafka_2|/kafka-(metadata|server|raft)|/scala-");

  @Test
  void runLabelsFramesWithoutKafkasServerAndScala(Recorded recorded, Gatestream gatestream)
      throws IOException {
    TopicNames topics = TopicNames.of(Recorded.FRAMES, "walls");
    Running run = gatestream.startRun("run", recorded.bootstrapServers(), "walls", topics);

    recorded.kafka().awaitProcessed("walls", topics.frames(), List.of(run));

    assertThat(recorded.kafka().committed(topics.labels())).isNotEmpty();
    assertThat(Files.readString(Path.of("/proc/%d/cmdline".formatted(run.process().pid()))))
        .contains("/kafka-streams-")
        .doesNotContainPattern(OF_THE_BROKER);
    assertThat(run.terminate()).as(run::tail).isZero();
  }

  /** The page has a table for each list of the build. */
  @Test
  void dependenciesAreListedUnderTheModuleThatNeedsThem() throws IOException {
    String page = Files.readString(Gatestream.ROOT.resolve("docs/dependencies.md"));
    int second = page.indexOf("## With the broker");
    assertThat(second).isPositive();

    assertThat(rows(page.substring(0, second))).isEqualTo(libraries("class-path"));
    assertThat(rows(page.substring(second))).isEqualTo(libraries("class-path-of-the-broker"));
  }

  private static Set<String> rows(String part) {
    return part.lines()
        .filter(line -> line.matches("\\| [\\w.-]+ \\| \\d.*"))
        .map(line -> line.split("\\|", -1)[1].strip())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> libraries(String list) throws IOException {
    String names = Files.readString(Gatestream.ROOT.resolve("stream-app/target").resolve(list));
    return Stream.of(names.strip().split(":"))
        .map(library -> library.replaceFirst(".*/", "").replaceFirst("(_gpu)?-\\d.*", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
