/** Video files, folders and URLs into the frames topic. */
@NullMarked
package io.gatestream.ingest;

import org.jspecify.annotations.NullMarked;
