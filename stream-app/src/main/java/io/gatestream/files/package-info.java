/** Files and folders: what several rooms do with them. */
@NullMarked
package io.gatestream.files;

import org.jspecify.annotations.NullMarked;
