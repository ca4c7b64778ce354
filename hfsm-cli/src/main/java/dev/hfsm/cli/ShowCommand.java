package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Explanation;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.Visibility;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hfsm show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows what is known about an asset and how it came to be so.")
final class ShowCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "ID",
      description = "Digest, or a unique prefix of 8 or more hex characters.")
  private String id;

  @Override
  public Integer call() {
    Output output = hfsm.output();
    try (AssetPipeline pipeline = hfsm.existing().build()) {
      Explanation all = pipeline.explain(Assets.find(pipeline, id, spec.commandLine()).id());
      output.document(json -> Json.explanation(json, all));
      print(output, all);
    }
    return Hfsm.DONE;
  }

  private static void print(Output output, Explanation all) {
    output.line(all.asset().id() + "  " + all.asset().state());
    output.line(
        Text.bytes(all.asset().size()) + ", uploaded " + Text.count(all.asset().uploads(), "time"));
    output.line(all.asset().visibility() == Visibility.PUBLIC ? "public" : "private");
    if (all.asset().hold() != null) {
      output.line("held: " + Text.line(all.asset().hold().text()));
    }
    if (all.asset().damage() != null) {
      output.line("damaged: " + Text.line(all.asset().damage().message()));
    }
    output.line("facts");
    all.asset()
        .facts()
        .forEach(
            (fact, value) ->
                output.line("  %-15s %s".formatted(fact, Text.line(value.toString()))));
    output.line("history");
    all.history()
        .forEach(
            h ->
                output.line(
                    String.format(
                        Locale.ROOT,
                        "  %s  %-15s %s%s%s",
                        h.at(),
                        h.to(),
                        h.event(),
                        h.detail() == null ? "" : " (" + h.detail() + ")",
                        h.attempt() == 0 ? "" : ", attempt " + h.attempt())));
    output.line("variants");
    all.variants()
        .forEach(
            v -> {
              VariantContent c = v.content();
              String what =
                  c == null
                      ? v.state() + (v.failure() == null ? "" : ": " + v.failure().message())
                      : "%dx%d, %s, made in %d ms"
                          .formatted(
                              c.width(),
                              c.height(),
                              Text.bytes(c.blob().size()),
                              c.cost().toMillis());
              output.line("  " + v.transformation() + "  " + what);
            });
    all.work().stream()
        .filter(w -> w.failure() != null)
        .forEach(
            w ->
                output.line(
                    "%s: %s after attempt %d: %s"
                        .formatted(
                            w.dead() ? "given up" : "owed",
                            w.subject().kind(),
                            w.attempts(),
                            w.failure().message())));
    output.line("references");
    all.references()
        .forEach(
            r ->
                output.line("  " + (r.name().isImplicit() ? "(upload without a name)" : r.name())));
  }
}
