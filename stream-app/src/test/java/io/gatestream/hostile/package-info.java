/** Records as an attacker, a broken camera or a broken network would send them. */
@NullMarked
package io.gatestream.hostile;

import org.jspecify.annotations.NullMarked;
