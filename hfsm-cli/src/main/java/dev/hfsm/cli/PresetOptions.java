package dev.hfsm.cli;

import dev.hfsm.PipelineBuilder;
import dev.hfsm.Preset;
import dev.hfsm.error.MalformedTextException;
import dev.hfsm.transform.Transformation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The presets of a command: their names, recipes and widths. */
final class PresetOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--preset",
      paramLabel = "NAME=RECIPE",
      converter = Recipe.class,
      description = {
        "A recipe with a name, for instance thumb=w=320,h=320,fit=cover,format=webp; as many as"
            + " there are. Of public assets anybody may ask for it.",
        "Keys of recipes: hfsm variant --help."
      })
  private List<Preset> recipes = new ArrayList<>();

  @Option(
      names = "--widths",
      paramLabel = "NAME=N,...",
      converter = Widths.class,
      description =
          "In which widths a preset is there besides, in pixels, as for a srcset: for instance"
              + " hero=320,640,1280.")
  private List<WidthsOf> widths = new ArrayList<>();

  /** The widths that are said of a preset. */
  private record WidthsOf(String preset, List<Integer> widths) {}

  /**
   * The presets, in the order in which they were said.
   *
   * @throws ParameterException if a name is there twice, or is that of no preset
   */
  List<Preset> presets() {
    Map<String, List<Integer>> byName = new HashMap<>();
    for (WidthsOf one : widths) {
      if (recipes.stream().noneMatch(preset -> preset.name().equals(one.preset()))) {
        throw refused("--widths: expected the name of a --preset, found " + one.preset());
      }
      if (byName.put(one.preset(), one.widths()) != null) {
        throw refused("--widths: expected " + one.preset() + " once, found it a second time");
      }
    }
    if (recipes.stream().map(Preset::name).distinct().count() < recipes.size()) {
      throw refused("--preset: expected each name once, found one a second time");
    }
    return recipes.stream().map(preset -> in(preset, byName)).toList();
  }

  private Preset in(Preset preset, Map<String, List<Integer>> byName) {
    try {
      return new Preset(
          preset.name(), preset.recipe(), byName.getOrDefault(preset.name(), List.of()));
    } catch (IllegalArgumentException | MalformedTextException e) {
      throw refused("--widths: " + e.getMessage());
    }
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Gives them to a pipeline. */
  PipelineBuilder applied(PipelineBuilder builder) {
    for (Preset preset : presets()) {
      int[] all = preset.widths().stream().mapToInt(Integer::intValue).toArray();
      builder.preset(preset.name(), preset.recipe(), all);
    }
    return builder;
  }

  /** {@code NAME=RECIPE}. */
  static final class Recipe implements ITypeConverter<Preset> {
    @Override
    public Preset convert(String text) {
      String[] parts = named(text, "NAME=RECIPE, as thumb=w=320,h=320,fit=cover");
      try {
        return new Preset(parts[0], Transformation.parse(parts[1]), List.of());
      } catch (IllegalArgumentException | MalformedTextException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** {@code NAME=N,N}. */
  static final class Widths implements ITypeConverter<WidthsOf> {

    private static final String FORM = "NAME=N,N, as hero=320,640,1280";

    @Override
    public WidthsOf convert(String text) {
      String[] parts = named(text, FORM);
      if (!parts[1].matches("[1-9][0-9]{0,4}(,[1-9][0-9]{0,4})*")) {
        throw new TypeConversionException("expected " + FORM + ", found " + Text.line(text));
      }
      return new WidthsOf(parts[0], Stream.of(parts[1].split(",")).map(Integer::parseInt).toList());
    }
  }

  /** The name, and what is said of it. */
  private static String[] named(String text, String form) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new TypeConversionException("expected " + form + ", found " + Text.line(text));
    }
    return new String[] {text.substring(0, equals), text.substring(equals + 1)};
  }
}
