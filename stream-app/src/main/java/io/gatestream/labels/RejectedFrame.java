package io.gatestream.labels;

import java.util.Optional;

/**
 * A record of the rejected topic.
 *
 * @param stream its key, empty where it had none or one too long to be a stream's
 * @param timestamp milliseconds since the epoch, the capture time where it was sound
 * @param reason the name of why it was rejected
 */
public record RejectedFrame(Optional<String> stream, long timestamp, String reason) {}
