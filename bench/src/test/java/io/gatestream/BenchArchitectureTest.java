package io.gatestream;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The room of this module, as docs/architecture.md draws it. */
@AnalyzeClasses(packages = "io.gatestream", importOptions = ImportOption.DoNotIncludeTests.class)
class BenchArchitectureTest {
  @ArchTest
  static void benchUsesOnlyTheRoomsBelowIt(JavaClasses classes) {
    JavaClasses bench = classes.that(resideInAPackage("io.gatestream.bench"));
    assertThat(bench).isNotEmpty();
    assertThat(Rooms.undrawnArrows(bench)).isEmpty();
  }

  @ArchTest
  static final ArchRule nobodyUsesTheBench =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.gatestream.bench")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.gatestream.bench");
}
