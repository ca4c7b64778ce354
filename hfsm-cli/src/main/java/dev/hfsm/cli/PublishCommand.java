package dev.hfsm.cli;

import dev.hfsm.ledger.Visibility;
import picocli.CommandLine.Command;

/** {@code hfsm publish}. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description = "Delivers the presets of an asset to everybody, without a signature.")
final class PublishCommand extends VisibilityCommand {

  PublishCommand() {
    super(Visibility.PUBLIC);
  }
}
