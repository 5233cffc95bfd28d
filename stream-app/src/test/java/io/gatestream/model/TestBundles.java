package io.gatestream.model;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The tiny bundles of the tests; src/test/resources/bundles/make_bundles.py made them. */
public final class TestBundles {
  /** Trained bundles, each with the figures of its Python runtime beside it. */
  private static final Path TRAINED = Path.of("../integration-tests/src/test/resources/bundles");

  private TestBundles() {}

  /** 16x16 input, labels red, green, blue; one GRU state [1,4]; a frame each 100 ms. */
  public static Path tinyGru() {
    return named("tiny-gru");
  }

  /** Two state tensors, the first not zero at the start; sigmoid with a threshold. */
  public static Path tinyLstm() {
    return named("tiny-lstm");
  }

  /** No state: logits are twice the first three features. */
  public static Path tinyMemoryless() {
    return named("tiny-memoryless");
  }

  /** Takes elapsed time and two side features. */
  public static Path tinyElapsed() {
    return named("tiny-elapsed");
  }

  /** An encoder that fits tiny-gru's contract and tells the size of the batch by its features. */
  public static Path unevenEncoder() {
    return named("uneven-encoder.onnx");
  }

  /**
   * The tiny bundles, those of the integration tests, the default bundle even where it is missing,
   * and every other in stream-app/models.
   */
  public static Stream<Path> all() throws IOException {
    Set<Path> bundles =
        new TreeSet<>(
            List.of(
                tinyGru(),
                tinyLstm(),
                tinyMemoryless(),
                tinyElapsed(),
                TRAINED.resolve("digit-rows/bundle"),
                TRAINED.resolve("digit-rows-lstm/bundle"),
                Path.of("models/object-motion")));
    if (Files.isDirectory(Path.of("models"))) {
      try (Stream<Path> folders = Files.list(Path.of("models"))) {
        folders.filter(Files::isDirectory).forEach(bundles::add);
      }
    }
    return bundles.stream();
  }

  private static Path named(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(TestBundles.class.getResource("/bundles/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
