package io.gatestream.bench;

/**
 * What one run of a peer gave.
 *
 * @param fps frames labelled a second
 * @param cpuMicros processor time of its processes for each frame
 * @param brokerMicros of the broker for each frame
 * @param otherCores cores that others used meanwhile, neither peer, broker nor bench
 * @param residentBytes of all its processes, the median of a reading a second; pages that they
 *     share count in each
 * @param peakBytes the largest of these
 * @param firstLabelSeconds from its start to its first label
 * @param p50 milliseconds from sending to committed label; 0 where that was not timed
 */
record PeerTurn(
    double fps,
    double cpuMicros,
    double brokerMicros,
    double otherCores,
    double residentBytes,
    double peakBytes,
    double firstLabelSeconds,
    double p50,
    double p99) {
  PeerTurn withDelay(double half, double most) {
    return new PeerTurn(
        fps,
        cpuMicros,
        brokerMicros,
        otherCores,
        residentBytes,
        peakBytes,
        firstLabelSeconds,
        half,
        most);
  }
}
