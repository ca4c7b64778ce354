package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Ingested;
import dev.hfsm.ReadyVariant;
import dev.hfsm.Upload;
import dev.hfsm.error.HfsmException;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.LedgerStats;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Scope;
import dev.hfsm.transform.Transformation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code hfsm demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Tells the whole story on pictures of its own, or on PATH.",
      "What is new, what a duplicate, what a variant costs the first and the second time, what was",
      "saved."
    })
final class DemoCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Transformation THUMB = Transformation.image().cover(320, 320);
  private static final int MAX_VARIANTS = 5;

  @ParentCommand private Hfsm hfsm;

  @Parameters(
      arity = "0..1",
      paramLabel = "PATH",
      description = "A file or folder to tell the story on.")
  private @Nullable Path path;

  private record Told(Path file, Ingested ingested, AssetRow asset) {}

  private record Cost(Path file, Path variant, long firstMillis, long secondMicros, long bytes) {}

  @Override
  public Integer call() throws IOException {
    Output output = hfsm.output();
    Path folder = Files.createTempDirectory("hfsm-demo-");
    Path data = hfsm.dataIsGiven() ? hfsm.data() : folder.resolve("hfsm-data");
    List<Path> files =
        path == null
            ? DemoPictures.paint(folder.resolve("pictures"))
            : Inputs.of(List.of(path)).files();
    if (files.isEmpty()) {
      throw new Complaints.Complaint("there is no file at " + path);
    }
    try (AssetPipeline pipeline = Hfsm.pipeline(data).start()) {
      List<Told> told = ingest(pipeline, files, output);
      List<Cost> costs = derive(pipeline, told, folder.resolve("variants"), output);
      report(output, pipeline.stats(Scope.DEFAULT), folder, data, told, costs);
    }
    return Hfsm.DONE;
  }

  /** Everything is brought in before the first inspection is waited for: they run side by side. */
  private static List<Told> ingest(AssetPipeline pipeline, List<Path> files, Output output) {
    output.line("Uploads: each is hashed while it comes in; the same bytes are stored once.");
    Map<Path, Ingested> ingested = new LinkedHashMap<>();
    for (Path file : files) {
      try {
        ingested.put(file, pipeline.ingest(Upload.of(file)));
      } catch (HfsmException e) {
        tell(output, file, Complaints.reason(e));
      }
    }
    List<Told> told = new ArrayList<>();
    ingested.forEach(
        (file, answer) -> {
          try {
            AssetRow asset = pipeline.awaitInspected(answer.id(), PATIENCE);
            told.add(new Told(file, answer, asset));
            tell(output, file, story(answer, asset));
          } catch (HfsmException e) {
            tell(output, file, Complaints.reason(e));
          }
        });
    return told;
  }

  private static void tell(Output output, Path file, String story) {
    output.line("  %-28s %s".formatted(Text.line(file.getFileName().toString()), story));
  }

  private static String story(Ingested ingested, AssetRow asset) {
    String id = ingested.id().digest().hex().substring(0, 12);
    return ingested.outcome() == Ingested.Outcome.CREATED
        ? "new       " + id + "  " + describe(asset)
        : "duplicate " + id + "  nothing stored, " + Text.bytes(ingested.size()) + " saved";
  }

  private static String describe(AssetRow asset) {
    Facts facts = asset.facts();
    Optional<String> size =
        facts
            .get(Fact.UPRIGHT_WIDTH)
            .flatMap(w -> facts.get(Fact.UPRIGHT_HEIGHT).map(h -> ", " + w + "x" + h));
    return facts.get(Fact.MEDIA_TYPE).map(Object::toString).orElse("unknown type")
        + size.orElse("")
        + ", "
        + Text.bytes(asset.size())
        + facts.get(Fact.REJECTION).map(r -> ", rejected: " + Text.line(r)).orElse("");
  }

  private static List<Cost> derive(
      AssetPipeline pipeline, List<Told> told, Path folder, Output output) throws IOException {
    output.line("");
    output.line("Variants: " + THUMB + " is made when it is first asked for, and kept.");
    Files.createDirectories(folder);
    List<Cost> costs = new ArrayList<>();
    Set<AssetId> done = new HashSet<>();
    for (Told each : told) {
      boolean wanted = each.asset().state().isDescribed() && done.size() < MAX_VARIANTS;
      if (wanted && done.add(each.asset().id())) {
        try {
          costs.add(derive(pipeline, each, folder, output));
        } catch (HfsmException e) {
          tell(output, each.file(), Complaints.reason(e));
        }
      }
    }
    return costs;
  }

  private static Cost derive(AssetPipeline pipeline, Told told, Path folder, Output output)
      throws IOException {
    long start = System.nanoTime();
    ReadyVariant first = pipeline.variant(told.asset().id(), THUMB).await(PATIENCE);
    long between = System.nanoTime();
    ReadyVariant second = pipeline.variant(told.asset().id(), THUMB).await(PATIENCE);
    long end = System.nanoTime();
    String extension = first.mediaType().text().replaceFirst("^image/", "").replace("jpeg", "jpg");
    Path file = folder.resolve(told.asset().id().digest().hex().substring(0, 12) + "." + extension);
    Destination.write(second, file);
    Cost cost =
        new Cost(
            told.file(),
            file,
            (between - start) / 1_000_000,
            (end - between) / 1_000,
            first.size());
    output.line(
        "  %-28s first time %d ms, second time %.2f ms, %s instead of %s"
            .formatted(
                Text.line(told.file().getFileName().toString()),
                cost.firstMillis(),
                cost.secondMicros() / 1000.0,
                Text.bytes(first.size()),
                Text.bytes(told.asset().size())));
    return cost;
  }

  private static void report(
      Output output, LedgerStats stats, Path folder, Path data, List<Told> told, List<Cost> costs) {
    long saved = stats.logicalBytes() - stats.originalBytes();
    output.line("");
    output.line(
        "Uploaded %s, stored %s and %s of variants: %s saved by %s."
            .formatted(
                Text.bytes(stats.logicalBytes()),
                Text.bytes(stats.originalBytes()),
                Text.bytes(stats.variantBytes()),
                Text.bytes(saved),
                Text.count(stats.duplicates(), "duplicate")));
    output.line("Pictures and variants: " + folder);
    output.line("Data folder: " + data + "  (try: hfsm --data " + data + " ls)");
    output.document(
        json -> {
          json.writeStringField("folder", folder.toString());
          json.writeStringField("data", data.toString());
          json.writeNumberField("files", told.size());
          json.writeNumberField("duplicates", stats.duplicates());
          json.writeNumberField("logicalBytes", stats.logicalBytes());
          json.writeNumberField("storedBytes", stats.originalBytes() + stats.variantBytes());
          json.writeNumberField("bytesSaved", saved);
          json.writeArrayFieldStart("variants");
          for (Cost cost : costs) {
            json.writeStartObject();
            json.writeStringField("path", cost.file().toString());
            json.writeStringField("variant", cost.variant().toString());
            json.writeNumberField("firstMillis", cost.firstMillis());
            json.writeNumberField("secondMillis", cost.secondMicros() / 1000.0);
            json.writeNumberField("bytes", cost.bytes());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }
}
