package io.gatestream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rooms and their one-way doors, as docs/architecture.md draws them. */
@AnalyzeClasses(packages = "io.gatestream", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String PREFIX = "io.gatestream.";

  /** Each room, and the rooms that it may use. A name with a dot is a room within a room. */
  private static final Map<String, List<String>> ROOMS = Rooms.ofArchitecturePage();

  @ArchTest
  static void roomsUseOnlyTheRoomsBelowThem(JavaClasses classes) {
    List<String> arrows = new ArrayList<>();
    for (JavaClass from : classes) {
      String room = room(from);
      for (Dependency use : from.getDirectDependenciesFromSelf()) {
        JavaClass to = use.getTargetClass();
        boolean ours = to.getPackageName().startsWith(PREFIX);
        if (ours
            && !room.equals("schema")
            && !room(to).equals("schema")
            && !room.equals(room(to))
            && !ROOMS.getOrDefault(room, List.of()).contains(room(to))) {
          arrows.add("%s -> %s: %s".formatted(room, room(to), use.getDescription()));
        }
      }
    }
    assertThat(arrows).isEmpty();
  }

  private static String room(JavaClass one) {
    return one.getPackageName().substring(PREFIX.length());
  }

  @ArchTest
  static void everyClassIsInARoom(JavaClasses classes) {
    classes()
        .that()
        .resideOutsideOfPackage("io.gatestream.schema")
        .should()
        .resideInAnyPackage(
            ROOMS.keySet().stream().map(room -> "io.gatestream." + room).toArray(String[]::new))
        .check(classes);
  }

  @ArchTest
  static final ArchRule noCirclesAmongRooms =
      slices().matching("io.gatestream.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyStreamUsesKafkaStreams =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.gatestream.stream..", "io.gatestream.bench")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka.streams..");

  @ArchTest
  static final ArchRule onlyModelUsesOnnxRuntime =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.gatestream.model..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule framesKnowNoKafka =
      noClasses()
          .that()
          .resideInAPackage("io.gatestream.frame..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule thePolicyKnowsNoKafka =
      noClasses()
          .that()
          .resideInAPackage("io.gatestream.stream.policy")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule onlyTheBrokerRoomUsesTheServer =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.gatestream.broker..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("kafka..", "org.apache.kafka.metadata..");

  @ArchTest
  static final ArchRule publicApisOfKafkaStreamsOnly =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka.streams..internals..");
}
