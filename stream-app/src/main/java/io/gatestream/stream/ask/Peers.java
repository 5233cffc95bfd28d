package io.gatestream.stream.ask;

import java.util.concurrent.CompletableFuture;

/** Asks other instances. Thread-safe. */
interface Peers {
  /**
   * Asks one; a failure is a reply too.
   *
   * @param instance host and port
   * @param path with its query
   */
  CompletableFuture<Reply> ask(String instance, String path);
}
