package io.gatestream.labels;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A record of the rejected topic with what its headers say.
 *
 * @param partition of the rejected topic, as is the offset
 * @param stream its key, empty where it had none
 * @param timestamp milliseconds since the epoch, the capture time where it was sound
 * @param reason the name of why it was rejected; UNKNOWN where the record has no such header
 * @param message what was found
 * @param origin where it lay in the frames topic, as {@code topic-partition@offset}
 * @param valueBytes of the value, also where it was left out
 * @param omitted whether the value was too large to be kept
 * @param likelyCause what producers do when this comes of it
 */
public record RejectedRecord(
    int partition,
    long offset,
    Optional<String> stream,
    long timestamp,
    String reason,
    String message,
    Optional<String> origin,
    OptionalLong valueBytes,
    boolean omitted,
    Optional<String> likelyCause) {}
