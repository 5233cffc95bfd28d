package io.gatestream.model;

import io.gatestream.config.ConfigException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * Finds tensors of an ONNX file whose values lie in another file. ONNX Runtime would look for it
 * beside the working folder, and no hash of the bundle covers it. Reads as much of the protobuf
 * encoding as it takes to reach every tensor (onnx.proto3); stateless.
 */
final class ExternalData {
  private static final int MOST_LEVELS = 100;
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
   * Refuses a graph that is not whole.
   *
   * @throws ConfigException it keeps values elsewhere, or is no protobuf message
   */
  static void refuse(String file, byte[] graph) {
    boolean found;
    try {
      found = isIn(ByteBuffer.wrap(graph).order(ByteOrder.LITTLE_ENDIAN), Message.MODEL, 0);
    } catch (java.nio.BufferUnderflowException
        | IndexOutOfBoundsException
        | IllegalArgumentException e) {
      throw new ConfigException("%s: ONNX Runtime cannot open it: no ONNX file".formatted(file), e);
    }
    if (found) {
      throw new ConfigException(
          "%s: keeps tensors in another file: expected all of them within it (external_data=False)"
              .formatted(file));
    }
  }

  private static boolean isIn(ByteBuffer in, Message message, int level) {
    if (level > MOST_LEVELS) {
      throw new IllegalArgumentException("more than " + MOST_LEVELS + " levels");
    }
    Map<Integer, Message> fields = message.fields();
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
          if (next != null && isIn(content, next, level + 1)) {
            return true;
          }
        }
        case 5 -> in.getInt();
        default -> throw new IllegalArgumentException("wire type " + wire);
      }
      if (message == Message.TENSOR
          && ((field == EXTERNAL_DATA && wire == 2)
              || (field == DATA_LOCATION && wire == 0 && value != 0))) {
        return true;
      }
    }
    return false;
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
