package io.gatestream.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatestream.config.ConfigException;
import io.gatestream.config.Provider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs whose weights lie outside the file that the bundle's hash covers. */
class ExternalDataTest {
  private static final int GRAPH = 7;

  @TempDir Path folder;

  @Test
  void everyBundleOfTheRepositoryIsWhole() throws IOException {
    try (Stream<Path> bundles = TestBundles.all().filter(Files::isDirectory)) {
      for (Path bundle : bundles.toList()) {
        for (String file : List.of("encoder.onnx", "step.onnx")) {
          byte[] graph = Files.readAllBytes(bundle.resolve(file));
          assertThatCode(() -> ExternalData.refuse(file, graph)).doesNotThrowAnyException();
        }
      }
    }
  }

  @Test
  void aTensorInAnotherFileIsFoundWhereverItIs() {
    byte[] tensor = external("weights.bin");
    byte[] located = varint(14, 1);
    for (byte[] t : List.of(tensor, located)) {
      byte[] attribute = field(5, t);
      byte[] node = field(1, field(5, attribute));
      byte[] inBranch = field(1, field(5, field(6, field(5, t))));
      for (byte[] graph :
          List.of(field(5, t), field(15, field(1, t)), field(15, field(2, t)), node, inBranch)) {
        refused(field(GRAPH, graph));
        refused(field(20, field(1, graph)));
      }
      refused(field(25, field(7, field(5, field(5, t)))));
      refused(joined(field(GRAPH, new byte[0]), field(GRAPH, field(5, t))));
    }
  }

  private static void refused(byte[] model) {
    assertThatThrownBy(() -> ExternalData.refuse("x.onnx", model))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("x.onnx: keeps tensors in another file");
  }

  @Test
  void damagedFilesAreRefusedOrReadAndNothingElse() throws IOException {
    byte[] graph = Files.readAllBytes(TestBundles.tinyGru().resolve("encoder.onnx"));
    Random random = new Random(4);
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = Arrays.copyOf(graph, 1 + random.nextInt(graph.length));
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      try {
        ExternalData.refuse("x.onnx", damaged);
      } catch (ConfigException e) {
        assertThat(e).hasMessageStartingWith("x.onnx: ");
      }
    }
  }

  @Test
  void aBundleWithSuchAGraphDoesNotOpen() throws IOException {
    for (String file : List.of("model.json", "encoder.onnx", "step.onnx")) {
      Files.copy(TestBundles.tinyGru().resolve(file), folder.resolve(file));
    }
    byte[] step = Files.readAllBytes(folder.resolve("step.onnx"));
    byte[] changed = joined(step, field(GRAPH, field(5, external("/etc/hostname"))));
    Files.write(folder.resolve("step.onnx"), changed);
    String contract = Files.readString(folder.resolve("model.json"));
    Files.writeString(
        folder.resolve("model.json"),
        contract.replace(BundleFiles.sha256(step), BundleFiles.sha256(changed)));
    ModelBundle bundle = ModelBundle.load(folder);

    ConfigException e =
        catchThrowableOfType(
            ConfigException.class,
            () -> ModelRuntime.open(bundle, Provider.CPU, RuntimeSettings.DEFAULT));

    assertThat(e).hasMessageContaining("step.onnx: keeps tensors in another file");
  }

  /** A tensor of one float at a place in a file. */
  private static byte[] external(String location) {
    byte[] entry = joined(field(1, "location".getBytes(UTF_8)), field(2, location.getBytes(UTF_8)));
    return joined(
        varint(1, 1),
        varint(2, 1),
        field(8, "outside".getBytes(UTF_8)),
        field(13, entry),
        varint(14, 1));
  }

  private static byte[] field(int number, byte[] content) {
    return joined(number(number << 3 | 2), number(content.length), content);
  }

  private static byte[] varint(int field, int value) {
    return joined(number(field << 3), number(value));
  }

  private static byte[] number(int value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int rest = value; ; rest >>>= 7) {
      if (rest < 0x80) {
        out.write(rest);
        return out.toByteArray();
      }
      out.write(rest & 0x7F | 0x80);
    }
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }
}
