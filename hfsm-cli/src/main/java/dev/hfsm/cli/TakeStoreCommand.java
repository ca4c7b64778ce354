package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code hfsm take-store}. */
@Command(
    name = "take-store",
    mixinStandardHelpOptions = true,
    description = "After the store was lost: lets an empty one take its place.")
final class TakeStoreCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;

  @Override
  public Integer call() {
    Output output = hfsm.output();
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      pipeline.maintenance().takeStore();
      output.line("the store is this ledger's");
      output.document(json -> json.writeBooleanField("taken", true));
    }
    return Hfsm.DONE;
  }
}
