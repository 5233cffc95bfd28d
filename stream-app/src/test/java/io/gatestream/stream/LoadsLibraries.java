package io.gatestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatestream.frame.decode.NativeLimits;
import io.gatestream.stream.state.StoreLibraries;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.bytedeco.javacpp.BytePointer;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/** Main classes of processes that load native libraries; they end with 1 and say why. */
final class LoadsLibraries {
  private LoadsLibraries() {}

  static final class StoresAndCompression {
    private StoresAndCompression() {}

    /** Opens a store in a folder and compresses by each method. */
    public static void main(String[] args) throws Exception {
      try {
        StoreLibraries.load();
      } catch (RuntimeException e) {
        System.out.println("error: " + e.getMessage());
        System.exit(1);
      }
      try (Options options = new Options().setCreateIfMissing(true);
          RocksDB store = RocksDB.open(options, Path.of(args[0]).toString())) {
        store.put("key".getBytes(UTF_8), "value".getBytes(UTF_8));
      }
      for (CompressionType type :
          List.of(CompressionType.SNAPPY, CompressionType.ZSTD, CompressionType.LZ4)) {
        System.out.println(type + " " + roundTrip(type));
      }
      System.exit(0);
    }

    private static String roundTrip(CompressionType type) throws Exception {
      Compression compression = Compression.of(type).build();
      ByteBufferOutputStream compressed = new ByteBufferOutputStream(1_024);
      try (OutputStream out = compression.wrapForOutput(compressed, RecordBatch.MAGIC_VALUE_V2)) {
        out.write("fine".getBytes(UTF_8));
      }
      ByteBuffer bytes = compressed.buffer();
      bytes.flip();
      try (InputStream in =
          compression.wrapForInput(bytes, RecordBatch.MAGIC_VALUE_V2, BufferSupplier.NO_CACHING)) {
        return new String(in.readAllBytes(), UTF_8);
      }
    }
  }

  static final class Limits {
    private Limits() {}

    /** Takes more than four times the heap. */
    public static void main(String[] args) {
      System.out.println(
          "limits %d %d".formatted(NativeLimits.maxBytes(), NativeLimits.maxPhysicalBytes()));
      try (BytePointer large = new BytePointer(400L << 20)) {
        BytePointer.memset(large, 1, large.capacity());
        try (BytePointer more = new BytePointer(1 << 20)) {
          System.out.println("allocated " + more.capacity());
        }
      }
      System.exit(0);
    }
  }
}
