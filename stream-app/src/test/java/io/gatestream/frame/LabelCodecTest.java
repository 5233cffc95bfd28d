package io.gatestream.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatestream.schema.FrameLabel;
import io.gatestream.schema.LabelScore;
import io.gatestream.schema.ModelId;
import io.gatestream.schema.Reset;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;

class LabelCodecTest {
  private final LabelCodec codec = new LabelCodec();

  private static FrameLabel label(List<String> active) {
    return FrameLabel.newBuilder()
        .setStreamId("cam")
        .setSession(Instant.EPOCH.plusSeconds(1))
        .setSequence(7)
        .setCaptureTime(Instant.EPOCH.plusSeconds(2))
        .setSourceTime(1_000_000)
        .setScores(List.of(new LabelScore("cat", 0.75f), new LabelScore("dog", 0.25f)))
        .setModel(new ModelId("pets", "1.0.0", "ff"))
        .setFramesSinceReset(3)
        .setReset(Reset.GAP)
        .setDuplicates(1)
        .setSkipped(2)
        .setRejected(3)
        .setActive(active)
        .build();
  }

  @Test
  void aLabelReadsBackAsItWas() throws Exception {
    FrameLabel label = label(List.of("cat"));
    assertThat(codec.decode(codec.encode(label))).isEqualTo(label);
  }

  /** Topics outlive versions: labels that were written before there were events read for ever. */
  @Test
  void aLabelOfTheSchemaBeforeEventsHasNoClassThatIsOn() throws Exception {
    Schema before;
    try (InputStream schema = LabelCodec.class.getResourceAsStream("/schema/FrameLabel-1.avsc")) {
      before = new Schema.Parser().parse(Objects.requireNonNull(schema));
    }
    GenericData model = new GenericData();
    BinaryMessageDecoder<GenericRecord> decoder = new BinaryMessageDecoder<>(model, before);
    decoder.addSchema(FrameLabel.getClassSchema());
    ByteBuffer older =
        new BinaryMessageEncoder<GenericRecord>(model, before)
            .encode(decoder.decode(codec.encode(label(List.of("cat")))));
    byte[] value = new byte[older.remaining()];
    older.get(value);
    assertThat(codec.decode(value)).isEqualTo(label(List.of()));
    value[value.length - 1] = (byte) 0xFF;
    assertThatThrownBy(() -> codec.decode(value)).isInstanceOf(FrameDecodeException.class);
  }
}
