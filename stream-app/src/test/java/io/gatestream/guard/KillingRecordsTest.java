package io.gatestream.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.kafka.RecordPosition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillingRecordsTest {
  private static final RecordPosition AT = new RecordPosition("frames", 3, 42);

  @TempDir Path dir;

  @Test
  void aRecordIsKnownByItsBytesAtOnceAndAfterARestart() throws Exception {
    Path file = dir.resolve("list");
    byte[] value = bytes("deadly");
    try (KillingRecords records = KillingRecords.open(file)) {
      assertThat(records.find(value)).isEmpty();
      records.add(value, AT, "SIGSEGV");
      assertThat(records.find(value.clone())).contains("SIGSEGV frames partition 3 offset 42");
      assertThat(records.find(bytes("dead1y"))).as("same length").isEmpty();
      assertThat(records.find(bytes("deadly "))).isEmpty();
    }
    try (KillingRecords records = KillingRecords.open(file)) {
      assertThat(records.find(value)).isPresent();
    }
  }

  @Test
  void whatAnotherInstanceAddsCounts() throws Exception {
    Path file = dir.resolve("list");
    try (KillingRecords one = KillingRecords.open(file);
        KillingRecords other = KillingRecords.open(file)) {
      one.add(bytes("a"), AT, "SIGABRT");
      one.add(bytes("bb"), AT, "SIGABRT");
      assertThat(other.find(bytes("a"))).isPresent();
      other.add(bytes("c"), AT, "SIGABRT");
      assertThat(one.find(bytes("c"))).isPresent();
      assertThat(one.find(bytes("bb"))).isPresent();
    }
  }

  @Test
  void aTornLineIsLeftOutAndHarmsNoOther() throws Exception {
    Path file = dir.resolve("list");
    try (KillingRecords records = KillingRecords.open(file)) {
      records.add(bytes("first"), AT, "SIGBUS");
      String half = Files.readString(file).substring(0, 70);
      Files.writeString(file, half, StandardOpenOption.APPEND);
      assertThat(records.find(bytes("first"))).isPresent();
      records.add(bytes("second"), AT, "SIGILL");
      assertThat(records.find(bytes("second"))).isPresent();
    }
    try (KillingRecords records = KillingRecords.open(file)) {
      assertThat(records.find(bytes("first"))).isPresent();
      assertThat(records.find(bytes("second"))).isPresent();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
