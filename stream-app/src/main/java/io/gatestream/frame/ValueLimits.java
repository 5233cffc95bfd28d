package io.gatestream.frame;

import java.util.HashSet;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * What a value of one schema may claim, so that no count in it allocates more than its bytes are
 * worth.
 *
 * @param items in all its arrays and maps together
 * @param itemBytes the fewest bytes that an item of any of them takes
 * @param text bytes of one string
 */
record ValueLimits(int items, int itemBytes, int text) {
  /** For values that are read without a schema: as many items as the states of any model. */
  static final ValueLimits PLAIN = new ValueLimits(65_536, 1, Integer.MAX_VALUE);

  ValueLimits {
    if (items < 0 || itemBytes < 1 || text < 0) {
      throw new IllegalArgumentException(
          "value limits %d, %d, %d".formatted(items, itemBytes, text));
    }
  }

  /** The limits of values of {@code schema}, whose smallest item is found in it. */
  static ValueLimits of(Schema schema, int items, int text) {
    int smallest = smallestItem(schema, new HashSet<>());
    return new ValueLimits(items, smallest == Integer.MAX_VALUE ? 1 : Math.max(1, smallest), text);
  }

  private static int smallestItem(Schema schema, Set<String> seen) {
    return switch (schema.getType()) {
      case ARRAY -> {
        Schema item = schema.getElementType();
        yield Math.min(least(item, new HashSet<>()), smallestItem(item, seen));
      }
      case MAP -> {
        Schema item = schema.getValueType();
        yield Math.min(1 + least(item, new HashSet<>()), smallestItem(item, seen));
      }
      case UNION -> smallestOf(schema.getTypes(), seen);
      case RECORD ->
          seen.add(schema.getFullName())
              ? smallestOf(schema.getFields().stream().map(Schema.Field::schema).toList(), seen)
              : Integer.MAX_VALUE;
      default -> Integer.MAX_VALUE;
    };
  }

  private static int smallestOf(Iterable<Schema> schemas, Set<String> seen) {
    int smallest = Integer.MAX_VALUE;
    for (Schema schema : schemas) {
      smallest = Math.min(smallest, smallestItem(schema, seen));
    }
    return smallest;
  }

  /** The fewest bytes of a value; a type within itself counts as none. */
  private static int least(Schema schema, Set<String> within) {
    return switch (schema.getType()) {
      case NULL -> 0;
      case FLOAT -> Float.BYTES;
      case DOUBLE -> Double.BYTES;
      case FIXED -> schema.getFixedSize();
      case UNION ->
          1 + schema.getTypes().stream().mapToInt(type -> least(type, within)).min().orElse(0);
      case RECORD -> {
        if (!within.add(schema.getFullName())) {
          yield 0;
        }
        int sum = 0;
        for (Schema.Field field : schema.getFields()) {
          sum += least(field.schema(), within);
        }
        within.remove(schema.getFullName());
        yield sum;
      }
      // lengths, counts, numbers: a byte or more
      default -> 1;
    };
  }
}
