package dev.hfsm.cli;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Preset;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code hfsm url}. */
@Command(
    name = "url",
    mixinStandardHelpOptions = true,
    description = {
      "Tells the URLs under which the presets of a public asset are served.",
      "Say the same presets as hfsm serve does: a URL names its recipe by a fingerprint. A file"
          + " with options in it serves both: hfsm serve @shop.options, hfsm url @shop.options ID."
    })
final class UrlCommand implements Callable<Integer> {

  @ParentCommand private Hfsm hfsm;
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "Digest, or a unique prefix of 8 or more hex characters.")
  private String id;

  @Parameters(
      index = "1..*",
      paramLabel = "NAME",
      arity = "0..*",
      description = "Names of presets (default: all of them).")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--base",
      paramLabel = "URL",
      defaultValue = "http://localhost:8080/assets",
      description = "Where assets are served (default: ${DEFAULT-VALUE}).")
  private String base;

  @Mixin private PresetOptions presets;

  @Override
  public Integer call() {
    List<Preset> wanted = wanted();
    if (!base.matches("(https?://[^\\s/?#]+)?(/[^\\s?#]*)?")) {
      throw refused("--base: expected http(s)://HOST[:PORT][/PATH], found " + Text.line(base));
    }
    Output output = hfsm.output();
    try (AssetPipeline pipeline = presets.applied(hfsm.existing()).build()) {
      AssetRow asset = Assets.find(pipeline, id, spec.commandLine());
      AssetUrls urls = AssetUrls.of(pipeline, SigningKeys.none(), base.replaceFirst("/+$", ""));
      for (Preset preset : wanted) {
        output.line(preset.name() + "  " + urls.preset(asset.id(), preset.name()));
        if (!preset.widths().isEmpty()) {
          output.line(preset.name() + "  srcset: " + urls.srcset(asset.id(), preset.name()));
        }
      }
      output.document(
          json -> {
            json.writeStringField("id", asset.id().toString());
            json.writeStringField("visibility", asset.visibility().name());
            json.writeArrayFieldStart("presets");
            for (Preset preset : wanted) {
              Json.preset(json, preset, asset.id(), urls);
            }
            json.writeEndArray();
          });
      remark(output, pipeline, asset, wanted);
    }
    return Hfsm.DONE;
  }

  /** Why nobody gets anything under these URLs as things are. */
  private void remark(Output output, AssetPipeline pipeline, AssetRow asset, List<Preset> wanted) {
    if (asset.visibility() != Visibility.PUBLIC) {
      output.remark(
          "hfsm: the asset is private: these are 404 until hfsm publish " + Text.line(id));
    }
    if (asset.state().isDescribed()
        && wanted.stream().noneMatch(preset -> pipeline.makes(asset, preset.recipe()))) {
      output.remark("hfsm: no variants can be made of assets of this type");
    }
  }

  private List<Preset> wanted() {
    List<Preset> all = presets.presets();
    List<String> known = all.stream().map(Preset::name).toList();
    if (all.isEmpty()) {
      throw refused("expected --preset NAME=RECIPE, as hfsm serve is told, found none");
    }
    for (String name : names) {
      if (!known.contains(name)) {
        throw refused("NAME: expected one of %s, found %s".formatted(known, Text.line(name)));
      }
    }
    return all.stream().filter(one -> names.isEmpty() || names.contains(one.name())).toList();
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
