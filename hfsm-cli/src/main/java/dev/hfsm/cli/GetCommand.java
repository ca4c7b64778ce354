package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Original;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hfsm get}. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = "Writes the bytes of an asset as they were uploaded.")
final class GetCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "ID",
      description = "Digest, or a unique prefix of 8 or more hex characters.")
  private String id;

  @Option(
      names = "-o",
      required = true,
      paramLabel = "FILE",
      description = "Where to; - is standard output.")
  private Path file;

  @Override
  public Integer call() throws IOException {
    Output output = hfsm.output().beside(file, spec.commandLine());
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      Original original = pipeline.open(Assets.find(pipeline, id, spec.commandLine()).id());
      Destination.write(original, file);
      output.document(
          json -> {
            json.writeStringField("id", original.asset().id().toString());
            json.writeNumberField("bytes", original.size());
            json.writeStringField("mediaType", original.mediaType().text());
          });
    }
    return Hfsm.DONE;
  }
}
