package io.gatestream.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatestream.config.Provider;
import io.gatestream.errors.ConfigException;
import io.gatestream.files.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
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
          assertThat(ExternalData.locations(file, ByteBuffer.wrap(graph))).isEmpty();
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
    assertThatThrownBy(
            () ->
                ExternalData.check(
                    Path.of("bundle"),
                    "x.onnx",
                    ByteBuffer.wrap(model),
                    List.of(new DataFile("other.bin", "0"))))
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
        ExternalData.locations("x.onnx", ByteBuffer.wrap(damaged));
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
        folder.resolve("model.json"), contract.replace(Sha256.hex(step), Sha256.hex(changed)));
    ModelBundle bundle = BundleReader.load(folder);

    ConfigException e =
        catchThrowableOfType(
            ConfigException.class,
            () -> ModelRuntime.open(bundle, Provider.CPU, RuntimeSettings.DEFAULT));

    assertThat(e).hasMessageContaining("step.onnx: keeps tensors in another file");
  }

  @Test
  void everyLocationIsFoundAndAMemoryAddressIsNone() {
    byte[] model =
        joined(
            field(GRAPH, field(5, external("a.bin"))),
            field(GRAPH, field(5, external("sub/b.bin"))),
            field(GRAPH, field(5, varint(14, 1))));
    assertThat(ExternalData.locations("x.onnx", ByteBuffer.wrap(model)))
        .containsExactly("", "a.bin", "sub/b.bin");
    String address = "*/_ORT_MEM_ADDR_/*";
    assertThatThrownBy(
            () ->
                ExternalData.check(
                    folder,
                    "x.onnx",
                    ByteBuffer.wrap(field(GRAPH, field(5, external(address)))),
                    List.of(new DataFile(address, "0"))))
        .hasMessageContaining("keeps tensors in another file");
  }

  /** The weights of tiny-gru's encoder, moved into a file beside it. */
  @Test
  void weightsInAFileWithAHashAreUsedAndCheckedAndFingerprinted() throws IOException {
    float[] features = features(BundleReader.load(TestBundles.tinyGru()));
    OutsideWeights moved = OutsideWeights.of(TestBundles.tinyGru(), folder, "encoder.data");

    ModelBundle bundle = BundleReader.load(folder);
    assertThat(bundle.encoder().data())
        .containsExactly(new DataFile("encoder.data", Sha256.hex(moved.weights())));
    assertThat(features(bundle)).containsExactly(features);
    assertThat(bundle.stateFingerprint())
        .isNotEqualTo(BundleReader.load(TestBundles.tinyGru()).stateFingerprint());

    byte[] changed = moved.weights().clone();
    changed[0] ^= 1;
    Files.write(folder.resolve("encoder.data"), changed);
    assertThatThrownBy(() -> BundleReader.load(folder))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("encoder.data: expected SHA-256");
    assertThatThrownBy(() -> features(bundle))
        .as("changed after the bundle was read")
        .hasMessageContaining("encoder.data: expected SHA-256");

    Files.delete(folder.resolve("encoder.data"));
    assertThatThrownBy(() -> BundleReader.load(folder)).hasMessageContaining("which is missing");
  }

  @Test
  void weightsOutsideTheBundleAreRefused() throws IOException {
    Path bundle = Files.createDirectory(folder.resolve("bundle"));
    OutsideWeights.of(TestBundles.tinyGru(), bundle, "../encoder.data");
    assertThatThrownBy(() -> BundleReader.load(bundle))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("outside the bundle");
  }

  private static float[] features(ModelBundle bundle) {
    ByteBuffer pixels = ByteBuffer.allocateDirect(bundle.input().bytes());
    for (int i = 0; i < pixels.capacity(); i++) {
      pixels.put(i, (byte) (i * 7));
    }
    try (ModelRuntime runtime = ModelRuntime.open(bundle, Provider.CPU, RuntimeSettings.DEFAULT)) {
      return runtime.encoder().encode(pixels, 1)[0];
    }
  }

  /** A tensor of one float at a place in a file. */
  static byte[] external(String location) {
    byte[] entry = joined(field(1, "location".getBytes(UTF_8)), field(2, location.getBytes(UTF_8)));
    return joined(
        varint(1, 1),
        varint(2, 1),
        field(8, "outside".getBytes(UTF_8)),
        field(13, entry),
        varint(14, 1));
  }

  static byte[] field(int number, byte[] content) {
    return joined(number(number << 3 | 2), number(content.length), content);
  }

  static byte[] varint(int field, int value) {
    return joined(number(field << 3), number(value));
  }

  static byte[] number(int value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int rest = value; ; rest >>>= 7) {
      if (rest < 0x80) {
        out.write(rest);
        return out.toByteArray();
      }
      out.write((rest & 0x7F) | 0x80);
    }
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }
}
