/** What people read on a terminal, and how a terminal is asked: tables, secrets masked, Ctrl-C. */
@NullMarked
package io.gatestream.text;

import org.jspecify.annotations.NullMarked;
