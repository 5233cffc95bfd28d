package io.gatestream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms and their one-way doors. */
@AnalyzeClasses(packages = "io.gatestream", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule roomsDependOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("io.gatestream..")
          .layer("cli")
          .definedBy("io.gatestream.cli..")
          .layer("bench")
          .definedBy("io.gatestream.bench..")
          .layer("broker")
          .definedBy("io.gatestream.broker..")
          .layer("ingest")
          .definedBy("io.gatestream.ingest..")
          .layer("replay")
          .definedBy("io.gatestream.replay..")
          .layer("stream")
          .definedBy("io.gatestream.stream..")
          .layer("guard")
          .definedBy("io.gatestream.guard..")
          .layer("lookahead")
          .definedBy("io.gatestream.lookahead..")
          .layer("model")
          .definedBy("io.gatestream.model..")
          .layer("frame")
          .definedBy("io.gatestream.frame..")
          .layer("config")
          .definedBy("io.gatestream.config..")
          .layer("schema")
          .definedBy("io.gatestream.schema..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("bench")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("broker")
          .mayOnlyBeAccessedByLayers("cli", "bench")
          .whereLayer("ingest")
          .mayOnlyBeAccessedByLayers("cli", "bench")
          .whereLayer("replay")
          .mayOnlyBeAccessedByLayers("cli", "bench")
          .whereLayer("stream")
          .mayOnlyBeAccessedByLayers("cli", "replay", "bench")
          .whereLayer("guard")
          .mayOnlyBeAccessedByLayers("stream")
          .whereLayer("lookahead")
          .mayOnlyBeAccessedByLayers("stream", "guard")
          .whereLayer("model")
          .mayOnlyBeAccessedByLayers("lookahead", "guard", "stream", "cli", "bench")
          .whereLayer("config")
          .mayOnlyBeAccessedByLayers(
              "cli",
              "bench",
              "broker",
              "ingest",
              "replay",
              "stream",
              "guard",
              "lookahead",
              "model",
              "frame");

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
