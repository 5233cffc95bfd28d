/** A small HTTP server for pages of metrics and for the dashboard, on the JDK's own. */
@NullMarked
package io.gatestream.http;

import org.jspecify.annotations.NullMarked;
