package dev.hfsm;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hfsm.CostLimits.Bound;
import dev.hfsm.error.BudgetExhaustedException;
import dev.hfsm.error.BudgetExhaustedException.Instead;
import dev.hfsm.error.MalformedTextException;
import dev.hfsm.internal.CostBook;
import dev.hfsm.internal.Lookups;
import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Costs;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.Scope;
import dev.hfsm.transform.Format;
import dev.hfsm.transform.Picture;
import dev.hfsm.transform.Transformation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that new variants stay within what they may cost. Thread-safe. */
final class CostGuard {

  private static final Logger LOG = LoggerFactory.getLogger(CostGuard.class);
  private static final int MAX_NOTES = 1_000;

  /** Minutes go out of the window one by one; what is stored, when something is evicted. */
  private static final Duration NEXT_MINUTE = Duration.ofMinutes(1);

  private static final Duration NEXT_EVICTION = Duration.ofMinutes(10);
  private static final Duration NOT_SOON = Duration.ofHours(1);

  private final CostLimits limits;
  private final Settings settings;
  private final Lookups lookups;
  private final List<Transformation> presets;
  private final Cache<Met, Note> met =
      Caffeine.newBuilder().maximumSize(MAX_NOTES).expireAfterWrite(CostBook.WINDOW).build();

  /** What is told of once in a window. */
  private record Met(Bound bound, Scope scope) {}

  private record Note(Exhausted exhausted, Instant saidAt, Say say) {}

  private enum Say {
    IT,
    NOTHING
  }

  /** A bound that a request meets, and how it is put. */
  private record Trouble(Bound bound, String what, Duration retryAfter) {}

  CostGuard(CostLimits limits, Settings settings, Lookups lookups, List<Preset> presets) {
    this.limits = limits;
    this.settings = settings;
    this.lookups = lookups;
    this.presets = presets.stream().flatMap(preset -> preset.recipes().stream()).toList();
  }

  /**
   * Lets requests for variants that nobody owes yet pass, or not.
   *
   * @throws BudgetExhaustedException if a bound was met and that is to have consequences
   */
  void require(AssetRow asset, List<VariantRequest> wanted) {
    if (limits.equals(CostLimits.NONE) || wanted.isEmpty()) {
      return;
    }
    Set<String> presetTexts = presetTexts(asset);
    List<VariantRequest> others =
        wanted.stream().filter(one -> !presetTexts.contains(one.transformation())).toList();
    List<VariantRequest> bounded = limits.presets() == CostLimits.Presets.ALWAYS ? others : wanted;
    if (bounded.isEmpty()) {
      return;
    }
    Scope scope = asset.id().scope();
    Optional<Trouble> trouble = spent(scope).or(() -> tooManyRecipes(asset, others, presetTexts));
    if (trouble.isPresent()) {
      note(trouble.get(), scope);
      if (limits.beyond() != CostLimits.Beyond.WARN) {
        throw new BudgetExhaustedException(
            trouble.get().what(),
            limits.beyond() == CostLimits.Beyond.STAND_IN ? Instead.NEAREST : Instead.NOTHING,
            trouble.get().retryAfter());
      }
    }
  }

  private Optional<Trouble> spent(Scope scope) {
    if (!limits.boundsCpu() && !limits.boundsBytes()) {
      return Optional.empty();
    }
    settings.costs().freshen(settings.ledger().costs());
    Costs own = settings.costs().of(scope);
    Costs all = settings.costs().ofAll();
    return over(Bound.SCOPE_CPU, own.cpu(), limits.scopeCpu())
        .or(() -> over(Bound.TOTAL_CPU, all.cpu(), limits.totalCpu()))
        .or(() -> over(Bound.SCOPE_BYTES, own.storedBytes(), limits.scopeBytes()))
        .or(() -> over(Bound.TOTAL_BYTES, all.storedBytes(), limits.totalBytes()));
  }

  private static Optional<Trouble> over(Bound bound, Duration found, Duration most) {
    return found.compareTo(most) < 0
        ? Optional.empty()
        : Optional.of(
            new Trouble(
                bound,
                "variants took %d s of processors within the last hour, which is all of %d s"
                    .formatted(found.toSeconds(), most.toSeconds()),
                NEXT_MINUTE));
  }

  private static Optional<Trouble> over(Bound bound, long found, long most) {
    return found < most
        ? Optional.empty()
        : Optional.of(
            new Trouble(
                bound,
                "variants take %d bytes, which is all of %d".formatted(found, most),
                NEXT_EVICTION));
  }

  private Optional<Trouble> tooManyRecipes(
      AssetRow asset, List<VariantRequest> others, Set<String> presetTexts) {
    if (limits.recipes() == Integer.MAX_VALUE || others.isEmpty()) {
      return Optional.empty();
    }
    Set<String> texts = new HashSet<>();
    lookups.cold(() -> settings.ledger().reader().variants(asset.id())).stream()
        .map(VariantRow::transformation)
        .filter(text -> !presetTexts.contains(text))
        .forEach(texts::add);
    int before = texts.size();
    others.forEach(one -> texts.add(one.transformation()));
    return texts.size() == before || texts.size() <= limits.recipes()
        ? Optional.empty()
        : Optional.of(
            new Trouble(
                Bound.RECIPES,
                "%d recipes were applied to %s, which is all of %d"
                    .formatted(before, asset.id(), limits.recipes()),
                NOT_SOON));
  }

  /** The presets as variants of this asset are named by them, in every format. */
  Set<String> presetTexts(AssetRow asset) {
    Picture picture = Picture.of(asset.facts());
    Set<String> texts = new HashSet<>();
    for (Transformation preset : presets) {
      for (Format format : Format.values()) {
        try {
          texts.add(preset.format(format).resolve(picture).canonical());
        } catch (IllegalArgumentException | MalformedTextException e) {
          LOG.trace("{} cannot be written as {}", preset, format); // as lossless can be WebP only
        }
      }
    }
    return texts;
  }

  private void note(Trouble trouble, Scope scope) {
    Instant now = settings.clock().instant();
    Note note =
        met.asMap()
            .merge(
                new Met(trouble.bound(), scope),
                new Note(new Exhausted(trouble.bound(), scope, now, 1), now, Say.IT),
                (known, one) -> again(known, now));
    if (note.say() == Say.IT) {
      String then =
          limits.beyond() == CostLimits.Beyond.WARN
              ? "new ones are made all the same"
              : "no new ones are made";
      LOG.warn("{} in scope '{}': {}; {}", trouble.bound(), scope.name(), trouble.what(), then);
    }
  }

  private static Note again(Note known, Instant now) {
    Exhausted before = known.exhausted();
    boolean say = !now.isBefore(known.saidAt().plus(CostBook.WINDOW));
    return new Note(
        new Exhausted(before.bound(), before.scope(), now, before.times() + 1),
        say ? now : known.saidAt(),
        say ? Say.IT : Say.NOTHING);
  }

  /** The bounds that were met within the last window. */
  List<Exhausted> met() {
    return met.asMap().values().stream()
        .map(Note::exhausted)
        .filter(one -> one.at().plus(CostBook.WINDOW).isAfter(settings.clock().instant()))
        .toList();
  }
}
