package io.gatestream.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Against Avro's own encoder. */
class ValueWriterTest {
  @Property(tries = 500)
  void writesWhatAvroWrites(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    BinaryEncoder avro = EncoderFactory.get().directBinaryEncoder(expected, null);
    ValueWriter out = new ValueWriter(random.nextInt(20));
    for (int i = random.nextInt(12); i > 0; i--) {
      switch (random.nextInt(5)) {
        case 0 -> {
          long number = random.nextLong() >> random.nextInt(64);
          avro.writeLong(number);
          out.number(number);
        }
        case 1 -> {
          float number = Float.intBitsToFloat(random.nextInt());
          avro.writeFloat(number);
          out.float32(number);
        }
        case 2 -> {
          String text = text(random);
          avro.writeString(text);
          out.string(text);
        }
        case 3 -> {
          byte[] bytes = new byte[random.nextInt(300)];
          random.nextBytes(bytes);
          avro.writeBytes(bytes);
          out.bytes(bytes);
        }
        default -> {
          float[] floats = floats(random);
          int count = random.nextInt(3);
          avro.writeArrayStart();
          avro.setItemCount(count);
          out.beginArray(count);
          for (int item = 0; item < count; item++) {
            avro.startItem();
            avro.writeBytes(littleEndian(floats));
            out.floats(floats);
          }
          avro.writeArrayEnd();
          out.endArray();
        }
      }
    }
    avro.flush();
    assertThat(out.bytes()).as("seed %d", seed).isEqualTo(expected.toByteArray());
  }

  @Property(tries = 500)
  void lengthsAreThoseThatAreWritten(@ForAll long seed) {
    Random random = new Random(seed);
    long number = random.nextLong() >> random.nextInt(64);
    ValueWriter one = new ValueWriter(0);
    one.number(number);
    assertThat(ValueWriter.numberLength(number)).as("%d", number).isEqualTo(one.bytes().length);
    float[] floats = floats(random);
    String text = text(random);
    byte[] bytes = new byte[random.nextInt(300)];
    ValueWriter.Content all =
        out -> {
          out.number(number);
          out.string(text);
          out.bytes(bytes);
          out.beginArray(floats.length);
          out.floats(floats);
          out.float32((float) number);
          out.endArray();
        };
    ValueWriter other = new ValueWriter(random.nextInt(20));
    all.write(other);
    assertThat(ValueWriter.length(all)).as("seed %d", seed).isEqualTo(other.bytes().length);
  }

  @Example
  void lengthsAtTheEdges() {
    for (long number : new long[] {0, -1, 63, 64, -64, -65, Long.MAX_VALUE, Long.MIN_VALUE}) {
      ValueWriter out = new ValueWriter(0);
      out.number(number);
      assertThat(ValueWriter.numberLength(number)).as("%d", number).isEqualTo(out.bytes().length);
    }
  }

  @Property(tries = 300)
  void readsBack(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    long number = random.nextLong();
    String text = text(random);
    float[] floats = floats(random);
    ValueWriter out = new ValueWriter(8);
    out.number(number);
    out.string(text);
    out.floats(floats);
    ValueDecoder in = new ValueDecoder(out.bytes(), 0, ValueLimits.PLAIN);
    assertThat(in.readLong()).as("seed %d", seed).isEqualTo(number);
    assertThat(in.readString()).as("seed %d", seed).isEqualTo(text);
    assertThat(in.readFloats()).as("seed %d", seed).isEqualTo(floats);
    assertThat(in.remaining()).isZero();
  }

  /** Some in ASCII, some not. */
  private static String text(Random random) {
    int highest = random.nextBoolean() ? 128 : 0x20000;
    return random
        .ints(random.nextInt(40), 0, highest)
        .filter(point -> point < 0xD800 || point > 0xDFFF)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static float[] floats(Random random) {
    float[] floats = new float[random.nextInt(200)];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = random.nextFloat() - 0.5f;
    }
    return floats;
  }

  private static ByteBuffer littleEndian(float[] floats) {
    ByteBuffer bytes = ByteBuffer.allocate(floats.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(floats);
    return bytes;
  }

  @Example
  void aLoneSurrogateIsAQuestionMarkAsInAvro() {
    ValueWriter out = new ValueWriter(0);
    out.string("a\uD800b");
    assertThat(out.bytes()).isEqualTo("\u0006a?b".getBytes(StandardCharsets.UTF_8));
  }
}
