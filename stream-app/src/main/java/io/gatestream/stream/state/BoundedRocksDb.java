package io.gatestream.stream.state;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Makes all stores of the process share one block cache, which write buffers, index and filter
 * blocks count against: RocksDB's memory is bounded by {@link #BYTES} however many partitions there
 * are. The cache lives as long as the process.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
  /** The setting that holds the bound, a long. */
  public static final String BYTES = "gatestream.rocksdb.bytes";

  private static @Nullable LRUCache cache;
  private static @Nullable WriteBufferManager writeBuffers;

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    if (!(configs.get(BYTES) instanceof Long bytes)) {
      throw new IllegalArgumentException(BYTES + " is " + configs.get(BYTES));
    }
    shareMemory(bytes, options);
  }

  private static synchronized void shareMemory(long bytes, Options options) {
    LRUCache shared = cache;
    WriteBufferManager buffers = writeBuffers;
    if (shared == null || buffers == null) {
      RocksDB.loadLibrary();
      shared = new LRUCache(bytes, -1, false, 0.1);
      buffers = new WriteBufferManager(bytes / 2, shared);
      cache = shared;
      writeBuffers = buffers;
    }
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(shared);
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinTopLevelIndexAndFilter(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(buffers);
    options.setWriteBufferSize(Math.min(4L << 20, bytes / 8));
    options.setMaxWriteBufferNumber(2);
    options.setMaxOpenFiles(64);
  }

  @Override
  public void close(String storeName, Options options) {
    // The cache is shared by all stores and outlives each of them.
  }
}
