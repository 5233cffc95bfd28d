package io.gatestream.model;

import static io.gatestream.model.ExternalDataTest.field;
import static io.gatestream.model.ExternalDataTest.joined;
import static io.gatestream.model.ExternalDataTest.number;
import static io.gatestream.model.ExternalDataTest.varint;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.files.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A copy of a bundle whose encoder keeps its float weights in a file beside it.
 *
 * @param weights the content of that file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record OutsideWeights(byte[] weights) {
  private static final int GRAPH = 7;
  private static final int INITIALIZER = 5;
  private static final int DATA_TYPE = 2;
  private static final int RAW_DATA = 9;
  private static final int FLOAT = 1;

  /**
   * Makes it in a folder.
   *
   * @param location of the weights, relative to the folder
   */
  static OutsideWeights of(Path bundle, Path folder, String location) throws IOException {
    for (String file : List.of("model.json", "encoder.onnx", "step.onnx")) {
      Files.copy(bundle.resolve(file), folder.resolve(file));
    }
    byte[] encoder = Files.readAllBytes(folder.resolve("encoder.onnx"));
    ByteArrayOutputStream weights = new ByteArrayOutputStream();
    byte[] changed = changed(encoder, 0, location, weights);
    Files.write(folder.resolve("encoder.onnx"), changed);
    Files.write(folder.resolve(location), weights.toByteArray());
    rename(folder, encoder, changed, location, weights.toByteArray());
    return new OutsideWeights(weights.toByteArray());
  }

  private static void rename(
      Path folder, byte[] before, byte[] after, String location, byte[] weights)
      throws IOException {
    Path contract = folder.resolve("model.json");
    String hash = "\"" + Sha256.hex(before) + "\"";
    String json = Files.readString(contract);
    Files.writeString(
        contract,
        json.replace(
            hash,
            "\"%s\", \"data\": [{\"file\": \"%s\", \"sha256\": \"%s\"}]"
                .formatted(Sha256.hex(after), location, Sha256.hex(weights))));
  }

  /**
   * The message with the weights of float initializers moved.
   *
   * @param level 0 for the model, 1 for its graph
   */
  private static byte[] changed(
      byte[] message, int level, String location, ByteArrayOutputStream weights) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer in = ByteBuffer.wrap(message);
    while (in.hasRemaining()) {
      int from = in.position();
      long tag = number(in);
      byte[] content = content(in, (int) (tag & 7));
      int field = (int) (tag >>> 3);
      if (level == 0 && field == GRAPH) {
        out.writeBytes(field(GRAPH, changed(content, 1, location, weights)));
      } else if (level == 1 && field == INITIALIZER) {
        out.writeBytes(field(INITIALIZER, moved(content, location, weights)));
      } else {
        out.write(message, from, in.position() - from);
      }
    }
    return out.toByteArray();
  }

  private static byte[] moved(byte[] tensor, String location, ByteArrayOutputStream weights) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    ByteBuffer in = ByteBuffer.wrap(tensor);
    byte[] raw = {};
    long type = 0;
    while (in.hasRemaining()) {
      int from = in.position();
      long tag = number(in);
      if (tag == (DATA_TYPE << 3)) {
        type = number(in.duplicate());
      }
      byte[] content = content(in, (int) (tag & 7));
      if (tag >>> 3 == RAW_DATA) {
        raw = content;
      } else {
        kept.write(tensor, from, in.position() - from);
      }
    }
    if (type != FLOAT || raw.length == 0) {
      return tensor;
    }
    byte[] place =
        joined(
            entry("location", location),
            entry("offset", Integer.toString(weights.size())),
            entry("length", Integer.toString(raw.length)));
    weights.writeBytes(raw);
    return joined(kept.toByteArray(), place, varint(14, 1));
  }

  private static byte[] entry(String key, String value) {
    return field(13, joined(field(1, key.getBytes(UTF_8)), field(2, value.getBytes(UTF_8))));
  }

  private static byte[] content(ByteBuffer in, int wire) {
    int length =
        switch (wire) {
          case 0 -> {
            number(in);
            yield 0;
          }
          case 1 -> 8;
          case 2 -> (int) number(in);
          case 5 -> 4;
          default -> throw new IllegalArgumentException("wire type " + wire);
        };
    byte[] content = new byte[length];
    in.get(content);
    return content;
  }

  private static long number(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
