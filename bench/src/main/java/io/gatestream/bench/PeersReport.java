package io.gatestream.bench;

import java.time.Instant;
import java.util.List;

/**
 * What {@code bench --peers} measured.
 *
 * @param machine its processor
 * @param notMeasured rows that were left out, with the reason
 */
public record PeersReport(
    Instant when,
    String machine,
    int turns,
    double warmUp,
    double seconds,
    List<PeerRowResult> rows,
    List<String> notMeasured) {}
