package io.gatestream.clip;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A clip that somebody wants.
 *
 * @param framesTopic where its frames lie
 * @param labelsTopic whose labels are drawn into the pictures; none are where it is empty
 * @param output the MP4 file to make
 * @param overwrite whether a file that is there may be replaced
 */
public record ClipRequest(
    ClipSpan span,
    String framesTopic,
    Optional<String> labelsTopic,
    Path output,
    boolean overwrite) {}
