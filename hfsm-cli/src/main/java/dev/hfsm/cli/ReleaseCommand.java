package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.ledger.Reference;
import dev.hfsm.model.AssetId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hfsm release}. */
@Command(
    name = "release",
    mixinStandardHelpOptions = true,
    description =
        "Gives claims on an asset up: all of them, or the one named. Its bytes stay until collected.")
final class ReleaseCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "ID",
      description = "Digest, or a unique prefix of 8 or more hex characters.")
  private String id;

  @Option(names = "--name", paramLabel = "NAME", description = "Only the claim of that name.")
  private @Nullable String name;

  @Override
  public Integer call() {
    Output output = hfsm.output();
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      AssetId asset = Assets.find(pipeline, id, spec.commandLine()).id();
      List<String> released = release(pipeline, asset);
      int left = pipeline.references(asset).size();
      output.line(
          "released "
              + Text.count(released.size(), "claim")
              + ", "
              + Text.count(left, "claim")
              + " left");
      output.document(
          json -> {
            json.writeStringField("id", asset.toString());
            json.writeArrayFieldStart("released");
            for (String each : released) {
              json.writeString(each);
            }
            json.writeEndArray();
            json.writeNumberField("references", left);
          });
    }
    return Hfsm.DONE;
  }

  private List<String> release(AssetPipeline pipeline, AssetId asset) {
    if (name == null) {
      return pipeline.releaseAll(asset).stream()
          .map(Reference::name)
          .map(Object::toString)
          .toList();
    }
    boolean itsOwn =
        pipeline.references(asset).stream().anyMatch(r -> r.name().text().equals(name));
    if (!itsOwn) {
      throw new Complaints.Complaint("no claim on " + asset + " has the name " + name);
    }
    pipeline.release(name);
    return List.of(name);
  }
}
