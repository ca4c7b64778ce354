package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code hfsm ls}. */
@Command(
    name = "ls",
    mixinStandardHelpOptions = true,
    description = "Lists assets in order of digest.")
final class LsCommand implements Callable<Integer> {

  private static final int PAGE = 500;

  @ParentCommand private Hfsm hfsm;

  @Override
  public Integer call() {
    Output output = hfsm.output();
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      forEach(pipeline, row -> output.line(line(row)));
      output.document(
          json -> {
            json.writeArrayFieldStart("assets");
            forEach(pipeline, row -> Json.asset(json, row));
            json.writeEndArray();
          });
    }
    return Hfsm.DONE;
  }

  private static void forEach(AssetPipeline pipeline, Consumer<AssetRow> action) {
    Cursor after = Cursor.START;
    while (after != null) {
      Page<AssetRow> page = pipeline.list(Scope.DEFAULT, after, PAGE);
      page.items().forEach(action);
      after = page.next();
    }
  }

  private static String line(AssetRow row) {
    Facts facts = row.facts();
    String size =
        facts.get(Fact.UPRIGHT_WIDTH).map(Object::toString).orElse("")
            + facts.get(Fact.UPRIGHT_HEIGHT).map(h -> "x" + h).orElse("");
    return String.format(
        Locale.ROOT,
        "%s  %-15s %9s  %-24s %-11s %s",
        row.id().digest().hex().substring(0, 12),
        row.state(),
        Text.bytes(row.size()),
        facts.get(Fact.MEDIA_TYPE).map(Object::toString).orElse(""),
        size,
        Text.line(facts.get(Fact.FILE_NAME).orElse("")));
  }
}
