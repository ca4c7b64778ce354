package dev.hfsm.delivery;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Preset;
import dev.hfsm.model.Digest;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Transformation;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The presets of a pipeline as URLs name them: what may be asked for without a signature, and
 * nothing else. A preset has a revision, which follows from its recipe and from what the
 * transformers put out: another recipe under the same name has another URL. Immutable.
 */
final class PublicPresets {

  private static final int REVISION = 8;

  private final Map<String, Entry> entries = new HashMap<>();

  PublicPresets(AssetPipeline assets) {
    String version = AssetUrls.version(assets.transformers());
    for (Preset preset : assets.presets()) {
      entries.put(preset.name(), Entry.of(preset.recipe(), version, preset.widths()));
      for (int width : preset.widths()) {
        entries.put(named(preset.name(), width), Entry.of(preset.in(width), version, List.of()));
      }
    }
  }

  /** How a preset is called in one of its widths. */
  static String named(String preset, int width) {
    return preset + "." + width;
  }

  /**
   * @param recipe what is made, in the format of the preset if it says one
   * @param revision 8 hexadecimal digits
   * @param widths in which it is there besides
   */
  record Entry(Transformation recipe, String revision, List<Integer> widths) {

    static Entry of(Transformation recipe, String version, List<Integer> widths) {
      String all = recipe.canonical() + "\n" + version;
      Digest digest = Digest.ofContent(all.getBytes(StandardCharsets.UTF_8));
      return new Entry(recipe, digest.hex().substring(0, REVISION), widths);
    }

    /** The extension that stands for the format of the preset. */
    String extension() {
      Format format = recipe.format();
      return format == Format.AUTO ? Link.AUTO : format.extension();
    }

    /** The recipe under an extension; empty if the preset says another format. */
    Optional<Transformation> as(String extension) {
      return extension.equals(extension())
          ? Optional.of(recipe)
          : Link.format(extension)
              .filter(format -> recipe.format() == Format.AUTO)
              .map(recipe::format);
    }
  }

  /** A preset by the name in a link; empty if there is none. */
  Optional<Entry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /**
   * A preset by the name in a link.
   *
   * @throws IllegalArgumentException if there is none
   */
  Entry get(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "preset: expected one of "
                        + entries.keySet().stream().sorted().toList()
                        + ", found "
                        + name));
  }
}
