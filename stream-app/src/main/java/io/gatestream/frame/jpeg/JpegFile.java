package io.gatestream.frame.jpeg;

import io.gatestream.frame.ImageHeader;
import java.nio.ByteBuffer;

/**
 * A JPEG that passed {@link JpegCheck}. Immutable.
 *
 * @param header from SOF
 * @param file exactly what was checked, from SOI to EOI: a view of the payload, or a copy without
 *     stray bytes
 */
public record JpegFile(ImageHeader header, ByteBuffer file) {}
