package io.gatestream.cli;

import java.util.concurrent.Callable;

/**
 * A command of another module, a picocli command that {@link java.util.ServiceLoader} finds where
 * the module is on the class path.
 */
public interface AddedCommand extends Callable<Integer> {}
