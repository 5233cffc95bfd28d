package io.gatestream.stream;

import static io.gatestream.stream.TestTopology.frame;
import static io.gatestream.stream.TestTopology.header;
import static io.gatestream.stream.TestTopology.key;
import static io.gatestream.stream.TestTopology.segment;
import static io.gatestream.stream.TestTopology.value;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.model.BundleReader;
import io.gatestream.model.ModelBundle;
import io.gatestream.model.ModelRuntime;
import io.gatestream.model.TestBundles;
import io.gatestream.model.TestRuntimes;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

class TraceContextTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String STATE = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE";

  @Example
  void labelsAndRejectedRecordsHaveTheTraceOfTheirFrame() throws Exception {
    ModelBundle bundle = BundleReader.load(TestBundles.tinyGru());
    try (ModelRuntime runtime = TestRuntimes.open(bundle);
        TestTopology topology = new TestTopology(bundle, runtime)) {
      Headers trace = headers(PARENT, STATE).add("camera", "door".getBytes(UTF_8));
      topology.send(record(value(frame(0, 0, 0).build()), trace));
      topology.send(frame(0, 1, 100));
      topology.send(record(value(segment(0, 2, 200, new byte[12]).build()), trace));
      topology.send(record(new byte[] {1, 2, 3}, trace));

      List<TestRecord<byte[], byte[]>> labels = topology.labelRecords();
      assertThat(labels).as("some of the segment's frames are due").hasSizeGreaterThan(4);
      assertThat(labels.remove(1).headers()).isEmpty();
      assertThat(labels)
          .allSatisfy(label -> assertThat(label.headers()).isEqualTo(headers(PARENT, STATE)));
      TestRecord<byte[], byte[]> rejected = topology.rejected().get(0);
      assertThat(header(rejected, "traceparent")).isEqualTo(PARENT);
      assertThat(header(rejected, "tracestate")).isEqualTo(STATE);
      assertThat(header(rejected, "camera")).isEqualTo("door");
    }
  }

  private static TestRecord<byte[], byte[]> record(byte[] value, Headers headers) {
    return new TestRecord<>(key("s"), value, headers, Instant.ofEpochMilli(1_700_000_000_000L));
  }

  @Example
  void theLastOfSeveralCountsAndAStateAloneDoesNot() {
    Headers twice = headers("00-no", "old=1");
    headers(PARENT, "new=1").forEach(twice::add);

    assertThat(TraceContext.of(twice)).isEqualTo(headers(PARENT, "new=1"));
    assertThat(TraceContext.of(headers(null, STATE))).isEmpty();
    assertThat(TraceContext.of(new RecordHeaders())).isEmpty();
  }

  @Example
  void aParentThatIsNoneIsLeftOutWithItsState() {
    for (String wrong :
        List.of(
            "",
            "00",
            PARENT.toUpperCase(java.util.Locale.ROOT),
            PARENT.replaceFirst("00", "ff"),
            PARENT + "-more", // version 00 has no more
            PARENT.replaceFirst("00", "01") + "more",
            PARENT.replaceFirst("00", "01") + "-\n",
            PARENT.replace("0af7651916cd43dd8448eb211c80319c", "0".repeat(32)),
            PARENT.replace("b7ad6b7169203331", "0".repeat(16)),
            PARENT.substring(1))) {
      assertThat(TraceContext.of(headers(wrong, STATE))).as(wrong).isEmpty();
    }
    assertThat(TraceContext.of(new RecordHeaders().add("traceparent", null))).isEmpty();
  }

  @Example
  void aLaterVersionMayBeLonger() {
    String later = PARENT.replaceFirst("00", "cc") + "-what-the-future-brings";

    assertThat(TraceContext.of(headers(later, null))).isEqualTo(headers(later, null));
  }

  @Example
  void aStateIsPassedOnUpToItsBound() {
    String largest = "v=" + "x".repeat(510);
    for (String wrong : List.of("", largest + "x", "v=\t", "v=é")) {
      assertThat(TraceContext.of(headers(PARENT, wrong))).isEqualTo(headers(PARENT, null));
    }
    assertThat(TraceContext.of(headers(PARENT, largest))).isEqualTo(headers(PARENT, largest));
  }

  /** Whatever comes: at most both headers, bounded, byte for byte those that came. */
  @Property
  void whatIsPassedOnIsBoundedAndUnchanged(
      @ForAll("parents") byte[] parent, @ForAll("states") byte[] state) {
    Headers given = new RecordHeaders().add("traceparent", parent).add("tracestate", state);

    Headers passed = TraceContext.of(given);

    assertThat(passed.toArray().length).isLessThanOrEqualTo(2);
    passed.forEach(
        header -> {
          assertThat(header.value().length).isBetween(1, 512);
          assertThat(header.value()).isEqualTo(given.lastHeader(header.key()).value());
        });
  }

  @Provide
  Arbitrary<byte[]> parents() {
    return Arbitraries.oneOf(
        Arbitraries.bytes().array(byte[].class).ofMaxSize(700),
        Arbitraries.strings()
            .withChars("0123456789abcdef-")
            .ofMaxLength(600)
            .map(tail -> ("01" + PARENT.substring(2) + "-" + tail).getBytes(UTF_8)),
        Arbitraries.just(PARENT.getBytes(UTF_8)));
  }

  @Provide
  Arbitrary<byte[]> states() {
    return Arbitraries.oneOf(
        Arbitraries.bytes().array(byte[].class).ofMaxSize(700),
        Arbitraries.strings().ascii().ofMaxLength(700).map(text -> text.getBytes(UTF_8)));
  }

  private static Headers headers(@Nullable String parent, @Nullable String state) {
    Headers headers = new RecordHeaders();
    if (parent != null) {
      headers.add("traceparent", parent.getBytes(UTF_8));
    }
    if (state != null) {
      headers.add("tracestate", state.getBytes(UTF_8));
    }
    return headers;
  }
}
