package dev.hfsm;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hfsm.VariantHandle.Among;
import dev.hfsm.error.HfsmException;
import dev.hfsm.internal.Finder;
import dev.hfsm.internal.Lookups;
import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Fact;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Accept;
import dev.hfsm.transform.Alpha;
import dev.hfsm.transform.Fit;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Motion;
import dev.hfsm.transform.Padding;
import dev.hfsm.transform.Picture;
import dev.hfsm.transform.Transformation;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a variant that is there and can be shown in place of one that is not: of the same asset, by
 * a recipe that differs in size, quality and format only, of about the same proportions, and not
 * much smaller. Never one that whoever gets it may not have: strangers get presets, and who was
 * given one variant gets nothing larger. What it knows of an asset may be some seconds old.
 * Thread-safe.
 */
final class StandIns {

  private static final Logger LOG = LoggerFactory.getLogger(StandIns.class);

  private static final Duration MEMORY = Duration.ofSeconds(2);
  private static final int MAX_ASSETS = 1_000;
  private static final int MAX_VARIANTS = 200;
  private static final Set<String> FREE = Set.of("w", "h", "q", "progressive", "format");
  private static final double SMALLEST = 0.7;
  private static final double LARGEST = 4;
  private static final double PROPORTIONS = 0.05;

  /** So that others do not crowd them out. */
  private static final Comparator<Ready> PRESETS_FIRST =
      Comparator.comparing(Ready::preset).reversed().thenComparing(one -> one.row().requestedAt());

  private final Settings settings;
  private final Finder finder;
  private final Lookups lookups;
  private final Function<AssetRow, Set<String>> presetTexts;
  private final Cache<AssetId, List<Ready>> ready =
      Caffeine.newBuilder().maximumSize(MAX_ASSETS).expireAfterWrite(MEMORY).build();

  /**
   * @param preset whether it is what a preset makes
   */
  private record Ready(VariantRow row, boolean preset) {}

  /**
   * @param presetTexts the canonical texts that presets come to for an asset
   */
  StandIns(
      Settings settings,
      Finder finder,
      Lookups lookups,
      Function<AssetRow, Set<String>> presetTexts) {
    this.settings = settings;
    this.finder = finder;
    this.lookups = lookups;
    this.presetTexts = presetTexts;
  }

  /** The nearest one; empty if there is none, or if that cannot be said at once. */
  Optional<VariantRow> nearest(AssetId id, Wanted wanted, Among among) {
    try {
      Optional<AssetRow> asset = finder.knownAsset(id);
      return asset.isEmpty() ? Optional.empty() : nearest(asset.get(), wanted, among);
    } catch (HfsmException e) {
      LOG.debug("nothing stands in for {} of {}: {}", wanted.recipe(), id, e.toString());
      return Optional.empty();
    }
  }

  private Optional<VariantRow> nearest(AssetRow asset, Wanted wanted, Among among) {
    Transformation recipe = wanted.resolve(asset.facts(), settings.transformers()).recipe();
    Picture picture = Picture.of(asset.facts());
    double width = asset.facts().get(Fact.WIDTH).orElse(0);
    double height = asset.facts().get(Fact.HEIGHT).orElse(0);
    Frame frame = Frame.of(recipe, width, height);
    String family = family(recipe.canonical());
    Optional<VariantRow> nearest = Optional.empty();
    double least = Double.MAX_VALUE;
    for (Ready one : readyOf(asset)) {
      VariantRow row = one.row();
      if (isOpen(one, frame, among)
          && family(row.transformation()).equals(family)
          && mayShow(row, recipe, picture, wanted)) {
        double distance = frame.distance(content(row));
        if (distance < least) {
          least = distance;
          nearest = Optional.of(row);
        }
      }
    }
    return nearest;
  }

  private static boolean isOpen(Ready one, Frame frame, Among among) {
    return switch (among) {
      case ALL -> true;
      case NO_LARGER -> frame.holds(content(one.row()));
      case PRESETS -> one.preset();
    };
  }

  private List<Ready> readyOf(AssetRow asset) {
    AssetId id = asset.id();
    List<Ready> known = ready.getIfPresent(id);
    if (known != null) {
      return known;
    }
    Optional<List<VariantRow>> all = lookups.ifFree(() -> settings.ledger().reader().variants(id));
    if (all.isEmpty()) {
      return List.of();
    }
    Set<String> texts = presetTexts.apply(asset);
    List<Ready> rows =
        all.get().stream()
            .filter(row -> row.state() == VariantState.READY)
            .map(row -> new Ready(row, texts.contains(row.transformation())))
            .sorted(PRESETS_FIRST)
            .limit(MAX_VARIANTS)
            .toList();
    ready.put(id, rows);
    return rows;
  }

  private static VariantContent content(VariantRow row) {
    return Objects.requireNonNull(row.content());
  }

  /** All that shapes the picture but its size and how it is written. */
  private static String family(String canonical) {
    return Stream.of(canonical.split(","))
        .filter(pair -> !FREE.contains(pair.substring(0, Math.max(0, pair.indexOf('=')))))
        .collect(Collectors.joining(","));
  }

  /** Another format only if nothing is lost by it and the client takes it for certain. */
  private static boolean mayShow(
      VariantRow row, Transformation recipe, Picture picture, Wanted wanted) {
    Format format = Transformation.parse(row.transformation()).format();
    if (format == recipe.format()) {
      return true;
    }
    Accept accept = wanted.accept().orElse(null);
    Optional<MediaType> type = format.mediaType();
    if (accept == null
        || type.isEmpty()
        || wanted.recipe().format() != Format.AUTO
        || picture.alpha() == Alpha.PRESENT
        || picture.motion() == Motion.ANIMATED) {
      return false;
    }
    // Clients that cannot show WebP send wildcards, too.
    return format == Format.WEBP ? accept.names(type.get()) : accept.weight(type.get()) > 0;
  }

  /**
   * How large a variant is to be.
   *
   * @param size in pixels, of the side that the recipe names; 0 if nobody knows
   * @param byHeight whether that side is the height
   * @param proportions width by height; 0 if they are the source's, or those of a part of it
   * @param widest how wide it may be by its recipe, in pixels
   * @param highest the same
   */
  private record Frame(
      double size, boolean byHeight, double proportions, double widest, double highest) {

    static Frame of(Transformation recipe, double width, double height) {
      boolean boxed = recipe.width().isPresent() && recipe.height().isPresent();
      double wide = recipe.width().orElse(0);
      double high = recipe.height().orElse(0);
      Padding pad = recipe.padding();
      double widest = wide == 0 ? Double.MAX_VALUE : pad.left() + wide + pad.right();
      double highest = high == 0 ? Double.MAX_VALUE : pad.top() + high + pad.bottom();
      if (boxed && recipe.fit() != Fit.INSIDE) {
        return new Frame(wide, false, wide / high, widest, highest);
      }
      if (high > 0 && !boxed) {
        return new Frame(most(recipe, high, height), true, 0, widest, highest);
      }
      if (wide == 0) {
        return new Frame(width, false, 0, width, highest); // as large as the source
      }
      double byHeight = height > 0 ? high * width / height : 0;
      double wanted = byHeight > 0 ? Math.min(wide, byHeight) : wide;
      return new Frame(most(recipe, wanted, width), false, 0, widest, highest);
    }

    private static double most(Transformation recipe, double wanted, double source) {
      return source > 0 && !recipe.enlarges() ? Math.min(wanted, source) : wanted;
    }

    /** Whether a variant is no larger than the recipe says, neither way. */
    boolean holds(VariantContent found) {
      return found.width() <= widest && found.height() <= highest;
    }

    /** The further the worse; what is too small or too large is not near at all. */
    double distance(VariantContent found) {
      if (proportions > 0
          && Math.abs(found.width() / (double) found.height() / proportions - 1) > PROPORTIONS) {
        return Double.MAX_VALUE;
      }
      double scale = size > 0 ? (byHeight ? found.height() : found.width()) / size : 0;
      if (scale < SMALLEST || scale > LARGEST) {
        return Double.MAX_VALUE;
      }
      return scale < 1 ? 2 * -Math.log(scale) : Math.log(scale);
    }
  }
}
