package io.gatestream.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands on model bundles. */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = "Looks into model bundles.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExample:%n",
    footer = "  ./gatestream model inspect stream-app/models/object-motion",
    subcommands = ModelInspectCommand.class)
final class ModelCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw WrongUsage.missingCommand(spec.commandLine());
  }
}
