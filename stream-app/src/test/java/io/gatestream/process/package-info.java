/** Processes that tests start: for what counts for a whole process and can be tried once only. */
package io.gatestream.process;
