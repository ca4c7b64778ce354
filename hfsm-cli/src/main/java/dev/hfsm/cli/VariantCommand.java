package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.ReadyVariant;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hfsm variant}. */
@Command(
    name = "variant",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a variant of an asset; makes it if nobody asked for it before.",
      "SPEC is key=value pairs separated by commas, for instance w=320,h=320,fit=cover,format=webp."
    },
    footerHeading = "%nKeys of SPEC, in the order in which they are applied:%n",
    footer = {
      "  orient=auto|off            turn upright as the camera noted (auto)",
      "  crop=x:y:w:h               keep a rectangle of the upright picture",
      "  rotate=90|180|270          clockwise",
      "  flip=horizontal|vertical",
      "  w=, h=                     the box, in pixels",
      "  fit=inside|cover|contain|fill   how the picture meets the box (inside)",
      "  gravity=center|north|...   what cover keeps (center)",
      "  enlarge=true               let inside enlarge",
      "  background=rrggbb[aa]",
      "  blur=, sharpen=            standard deviation in pixels",
      "  q=1..100                   quality (80)",
      "  format=auto|jpeg|png|webp  (auto)"
    })
final class VariantCommand implements Callable<Integer> {

  private static final int DEFAULT_SECONDS = 120;

  @ParentCommand private Hfsm hfsm;
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "Digest, or a unique prefix of 8 or more hex characters.")
  private String id;

  @Parameters(index = "1", paramLabel = "SPEC", description = "The recipe.")
  private String recipe;

  @Option(
      names = "-o",
      required = true,
      paramLabel = "FILE",
      description = "Where to; - is standard output.")
  private Path file;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "" + DEFAULT_SECONDS,
      description = "How long to wait for it (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  public Integer call() throws IOException {
    Output output = hfsm.output().beside(file, spec.commandLine());
    Transformation transformation = Transformation.parse(recipe);
    try (AssetPipeline pipeline = hfsm.existing().start()) {
      var asset = Assets.find(pipeline, id, spec.commandLine()).id();
      long start = System.nanoTime();
      ReadyVariant variant =
          pipeline.variant(asset, transformation).await(Duration.ofSeconds(seconds));
      long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
      Destination.write(variant, file);
      boolean cached = variant.made() == ReadyVariant.Made.BEFORE;
      output.line(
          "%dx%d %s, %s, %s in %d ms"
              .formatted(
                  variant.width(),
                  variant.height(),
                  variant.mediaType(),
                  Text.bytes(variant.size()),
                  cached ? "found" : "made",
                  millis));
      output.document(
          json -> {
            json.writeNumberField("bytes", variant.size());
            json.writeNumberField("width", variant.width());
            json.writeNumberField("height", variant.height());
            json.writeStringField("mediaType", variant.mediaType().text());
            json.writeBooleanField("cached", cached);
            json.writeNumberField("millis", millis);
            json.writeStringField("transformation", variant.transformation());
          });
    }
    return Hfsm.DONE;
  }
}
