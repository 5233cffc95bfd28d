/** The commands: parse, call, exit code. */
@NullMarked
package io.gatestream.cli;

import org.jspecify.annotations.NullMarked;
