/**
 * A page for people: what the topics say, in a browser. It reads committed records only, belongs to
 * no group, and writes nothing but reviews; so it can slow no instance.
 */
@NullMarked
package io.gatestream.dashboard;

import org.jspecify.annotations.NullMarked;
