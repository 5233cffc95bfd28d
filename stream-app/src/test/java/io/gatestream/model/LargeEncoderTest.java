package io.gatestream.model;

import static io.gatestream.model.ExternalDataTest.field;
import static io.gatestream.model.ExternalDataTest.joined;
import static io.gatestream.model.ExternalDataTest.number;
import static io.gatestream.model.ExternalDataTest.varint;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.config.Provider;
import io.gatestream.errors.ConfigException;
import io.gatestream.files.Sha256;
import io.gatestream.process.ChildJvm;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encoders that are larger than the heap. The files are holes: they take no room on the disk. */
@Tag("process")
class LargeEncoderTest {
  private static final long WEIGHTS = 600L << 20;

  @TempDir Path folder;

  /** Opens the bundle and encodes one picture. */
  static final class Opens {
    private Opens() {}

    public static void main(String[] args) {
      ModelBundle bundle = BundleReader.load(Path.of(args[0]));
      try (ModelRuntime runtime =
          ModelRuntime.open(bundle, Provider.CPU, RuntimeSettings.DEFAULT)) {
        ByteBuffer pixels = ByteBuffer.allocateDirect(bundle.input().bytes());
        System.out.println("features " + runtime.encoder().encode(pixels, 1)[0].length);
      }
      System.exit(0);
    }
  }

  @Test
  void anEncoderLargerThanHeapAndDirectMemoryOpens() throws Exception {
    copy();
    appendWeights(folder.resolve("encoder.onnx"));

    ChildJvm.Outcome outcome =
        ChildJvm.run(
            List.of("-Xmx256m", "-XX:MaxDirectMemorySize=64m"), Opens.class, folder.toString());

    assertThat(outcome.code()).as(outcome.output()).isZero();
    assertThat(outcome.output()).contains("features 6");
  }

  @Test
  void anOnnxFileOfMoreThanTwoGibibytesSaysWhatToDo() throws Exception {
    copy();
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("x.onnx").toFile(), "rw")) {
      file.setLength(Integer.MAX_VALUE + 1L);
    }
    assertThatThrownBy(() -> BundleFiles.mapVerified(folder, "x.onnx", "0"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("2147483648 bytes")
        .hasMessageContaining("file beside it");
  }

  private void copy() throws Exception {
    for (String file : List.of("model.json", "encoder.onnx", "step.onnx")) {
      Files.copy(TestBundles.tinyGru().resolve(file), folder.resolve(file));
    }
  }

  /** One more initializer, whose values are the hole at the end; messages of a field merge. */
  private void appendWeights(Path encoder) throws Exception {
    String before = Sha256.hex(Files.readAllBytes(encoder));
    byte[] tensor =
        joined(
            number(1 << 3),
            number((int) (WEIGHTS / Float.BYTES)),
            varint(2, 1),
            field(8, "ballast".getBytes(UTF_8)),
            number(9 << 3 | 2),
            number((int) WEIGHTS));
    byte[] inGraph = joined(number(5 << 3 | 2), number((int) (tensor.length + WEIGHTS)), tensor);
    byte[] inModel = joined(number(7 << 3 | 2), number((int) (inGraph.length + WEIGHTS)), inGraph);
    try (RandomAccessFile file = new RandomAccessFile(encoder.toFile(), "rw")) {
      file.seek(file.length());
      file.write(inModel);
      file.setLength(file.length() + WEIGHTS);
    }
    Path contract = folder.resolve("model.json");
    Files.writeString(contract, Files.readString(contract).replace(before, sha256(encoder)));
  }

  private static String sha256(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (FileChannel in = FileChannel.open(file)) {
      ByteBuffer part = ByteBuffer.allocate(1 << 20);
      while (in.read(part.clear()) >= 0) {
        digest.update(part.flip());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
