package dev.hfsm.cli;

import dev.hfsm.ledger.Visibility;
import picocli.CommandLine.Command;

/** {@code hfsm withdraw}. */
@Command(
    name = "withdraw",
    mixinStandardHelpOptions = true,
    description = "Delivers an asset to nobody any more without a signature.")
final class WithdrawCommand extends VisibilityCommand {

  WithdrawCommand() {
    super(Visibility.PRIVATE);
  }
}
