package io.gatestream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;

/** The rooms and their one-way doors, as docs/architecture.md draws them. */
@AnalyzeClasses(packages = "io.gatestream", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final class TopLevelClasses implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass one) {
      return one.getPackageName().equals("io.gatestream.schema") // generated
          ? SliceIdentifier.ignore()
          : SliceIdentifier.of(one.getName().replaceFirst("\\$.*", ""));
    }

    @Override
    public String getDescription() {
      return "top-level classes";
    }
  }

  private static final Set<String> METER_MAKERS =
      Set.of("builder", "counter", "gauge", "timer", "summary", "more");

  @ArchTest
  static void roomsUseOnlyTheRoomsBelowThem(JavaClasses classes) {
    assertThat(Rooms.undrawnArrows(classes)).isEmpty();
  }

  @ArchTest
  static void everyClassIsInARoom(JavaClasses classes) {
    classes()
        .that()
        .resideOutsideOfPackage("io.gatestream.schema")
        .should()
        .resideInAnyPackage(
            Rooms.ofArchitecturePage().keySet().stream()
                .map(room -> "io.gatestream." + room)
                .toArray(String[]::new))
        .check(classes);
  }

  @ArchTest
  static final ArchRule noCirclesAmongRooms =
      slices().matching("io.gatestream.(**)").should().beFreeOfCycles();

  /** Nor within a room; a nested class belongs to its outer one. */
  @ArchTest
  static final ArchRule noCirclesAmongClasses =
      slices().assignedFrom(new TopLevelClasses()).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyStreamUsesKafkaStreams =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.gatestream.stream..")
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
  static final ArchRule theAdvanceKnowsNoKafka =
      noClasses()
          .that()
          .haveNameMatching(
              "io\\.gatestream\\.stream\\.(FrameAdvance|Advanced.*|steps\\.(Record.*|Picture.*))")
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

  /** Of Kafka 4.3.1: during a put they can hang for good (KAFKA-19629). */
  @ArchTest
  static final ArchRule nobodyUsesInteractiveQueries =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka.streams.query..");

  /** Those that look a meter up are in the package of searches. */
  @ArchTest
  static final ArchRule everyMeterComesFromTheListOfMetrics =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.gatestream.metrics")
          .should()
          .callMethodWhere(
              DescribedPredicate.describe(
                  "it makes a meter",
                  call ->
                      call.getTargetOwner().getPackageName().equals("io.micrometer.core.instrument")
                          && METER_MAKERS.contains(call.getName())));
}
