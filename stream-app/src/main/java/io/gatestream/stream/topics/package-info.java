/** The topics and the group of an application, checked and made before it joins. */
@NullMarked
package io.gatestream.stream.topics;

import org.jspecify.annotations.NullMarked;
