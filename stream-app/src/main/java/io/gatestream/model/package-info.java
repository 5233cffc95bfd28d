/**
 * Model bundles, the frame encoder and the recurrent step: the only importer of {@code
 * ai.onnxruntime}.
 */
@NullMarked
package io.gatestream.model;

import org.jspecify.annotations.NullMarked;
