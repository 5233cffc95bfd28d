package io.gatestream.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.errors.ConfigException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the files in which tensors of an ONNX file keep their values. Only those may be used that
 * model.json names with a hash: ONNX Runtime would read any file. Reads as much of the protobuf
 * encoding as it takes to reach every tensor (onnx.proto3); stateless.
 */
final class ExternalData {
  private static final int MOST_LEVELS = 100;

  /** ONNX Runtime takes such a location for an address in memory. */
  private static final String IN_MEMORY = "_ORT_MEM_ADDR_";

  private static final int EXTERNAL_DATA = 13;
  private static final int DATA_LOCATION = 14;

  /** The messages on the way to a tensor, each with the numbers of the fields that lead on. */
  private enum Message {
    MODEL,
    TRAINING,
    FUNCTION,
    GRAPH,
    NODE,
    ATTRIBUTE,
    SPARSE_TENSOR,
    TENSOR;

    Map<Integer, Message> fields() {
      return switch (this) {
        case MODEL -> Map.of(7, GRAPH, 20, TRAINING, 25, FUNCTION);
        case TRAINING -> Map.of(1, GRAPH, 2, GRAPH);
        case FUNCTION -> Map.of(7, NODE, 11, ATTRIBUTE);
        case GRAPH -> Map.of(1, NODE, 5, TENSOR, 15, SPARSE_TENSOR);
        case NODE -> Map.of(5, ATTRIBUTE);
        case ATTRIBUTE ->
            Map.of(
                5, TENSOR, 6, GRAPH, 10, TENSOR, 11, GRAPH, 22, SPARSE_TENSOR, 23, SPARSE_TENSOR);
        case SPARSE_TENSOR -> Map.of(1, TENSOR, 2, TENSOR);
        case TENSOR -> Map.of();
      };
    }
  }

  private ExternalData() {}

  /**
   * Checks that all files with values are named in model.json, and their hashes.
   *
   * @param file name of the ONNX file in the bundle
   * @param graph its content
   * @param data what model.json names
   * @return whether the graph is whole: it needs no other file
   * @throws ConfigException another file is needed, one is not as its hash says, or this is no
   *     protobuf message
   */
  static boolean check(Path folder, String file, ByteBuffer graph, List<DataFile> data) {
    Path path = folder.resolve(file);
    Set<String> locations = locations(path.toString(), graph);
    for (String location : locations) {
      Optional<DataFile> named = data.stream().filter(one -> isAt(file, location, one)).findFirst();
      if (named.isEmpty()) {
        throw new ConfigException(
            "%s: keeps tensors in another file, '%s', which model.json does not name: export all within it (external_data=False), or give that file and its SHA-256 under \"data\" beside \"sha256\""
                .formatted(path, location));
      }
      BundleFiles.verify(folder, named.get().file(), named.get().sha256());
    }
    return locations.isEmpty();
  }

  /** Locations are relative to the ONNX file, names in model.json to the bundle. */
  private static boolean isAt(String file, String location, DataFile data) {
    if (location.isEmpty() || location.contains(IN_MEMORY)) {
      return false;
    }
    try {
      Path beside = Path.of("/").resolve(file).resolveSibling(location).normalize();
      return beside.equals(Path.of("/").resolve(data.file()).normalize());
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * The locations that tensors name, an empty one where a tensor names none.
   *
   * @throws ConfigException this is no protobuf message
   */
  static Set<String> locations(String file, ByteBuffer graph) {
    Set<String> found = new TreeSet<>();
    try {
      find(graph.duplicate().order(ByteOrder.LITTLE_ENDIAN), Message.MODEL, 0, found);
    } catch (java.nio.BufferUnderflowException
        | IndexOutOfBoundsException
        | IllegalArgumentException e) {
      throw new ConfigException("%s: ONNX Runtime cannot open it: no ONNX file".formatted(file), e);
    }
    return found;
  }

  private static void find(ByteBuffer in, Message message, int level, Set<String> found) {
    if (level > MOST_LEVELS) {
      throw new IllegalArgumentException("more than " + MOST_LEVELS + " levels");
    }
    Map<Integer, Message> fields = message.fields();
    boolean outside = false;
    List<String> locations = new ArrayList<>();
    while (in.hasRemaining()) {
      long tag = varint(in);
      int field = (int) (tag >>> 3);
      int wire = (int) (tag & 7);
      long value = 0;
      switch (wire) {
        case 0 -> value = varint(in);
        case 1 -> in.getLong();
        case 2 -> {
          int length = Math.toIntExact(Math.max(-1, Math.min(varint(in), Integer.MAX_VALUE)));
          ByteBuffer content = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
          in.position(in.position() + length);
          Message next = fields.get(field);
          if (next != null) {
            find(content, next, level + 1, found);
          } else if (message == Message.TENSOR && field == EXTERNAL_DATA) {
            entry(content).ifPresent(locations::add);
          }
        }
        case 5 -> in.getInt();
        default -> throw new IllegalArgumentException("wire type " + wire);
      }
      outside |=
          message == Message.TENSOR
              && ((field == EXTERNAL_DATA && wire == 2)
                  || (field == DATA_LOCATION && wire == 0 && value != 0));
    }
    if (outside) {
      found.addAll(locations.isEmpty() ? List.of("") : locations);
    }
  }

  /** The value of a StringStringEntryProto with the key "location". */
  private static Optional<String> entry(ByteBuffer in) {
    String key = "";
    String value = "";
    while (in.hasRemaining()) {
      long tag = varint(in);
      if ((tag & 7) != 2) {
        throw new IllegalArgumentException("an entry of texts with the tag " + tag);
      }
      int length = Math.toIntExact(Math.max(-1, Math.min(varint(in), Integer.MAX_VALUE)));
      String text = UTF_8.decode(in.slice(in.position(), length)).toString();
      in.position(in.position() + length);
      switch ((int) (tag >>> 3)) {
        case 1 -> key = text;
        case 2 -> value = text;
        default -> {}
      }
    }
    return key.equals("location") ? Optional.of(value) : Optional.empty();
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("number of more than 64 bits");
  }
}
