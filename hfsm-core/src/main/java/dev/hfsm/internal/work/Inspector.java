package dev.hfsm.internal.work;

import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Transformer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Learns what an asset is: INGESTED → DEDUP_CHECK → METADATA_READY, or REJECTED. */
final class Inspector {

  private static final int TWINS = 2;

  private final Settings settings;
  private final Sources sources;

  Inspector(Settings settings, Sources sources) {
    this.settings = settings;
    this.sources = sources;
  }

  /** The first step of an inspection, or the second if the first was made before. */
  Report inspect(Claim claim, Budget budget) {
    AssetRow asset = claim.asset();
    if (asset.state() != AssetState.INGESTED) {
      return describe(claim, asset.facts());
    }
    try {
      Facts learned = learn(asset, budget);
      Facts known = asset.facts().and(learned);
      // What the first step wrote has to be there before twins are looked for: of two that are
      // inspected at the same time, the later one then finds the other.
      return report(claim, AssetEvent.FINGERPRINTED, learned, () -> describe(claim, known));
    } catch (RejectedMediaException e) {
      return report(claim, AssetEvent.REFUSED, Facts.of(Fact.REJECTION, e.getMessage()), null);
    }
  }

  private Report describe(Claim claim, Facts known) {
    Facts learned = Facts.NONE.withOptional(Fact.SAME_PIXELS_AS, twin(claim.asset().id(), known));
    return report(claim, AssetEvent.DESCRIBED, learned, null);
  }

  private static Report report(
      Claim claim, AssetEvent event, Facts learned, Report.@Nullable Step next) {
    return new Report(new Settlement.Step(claim.lease(), event, learned), next, null);
  }

  private Facts learn(AssetRow asset, Budget budget) {
    MediaType type = Sources.typeOf(asset);
    Facts learned = Facts.NONE;
    Optional<Transformer> transformer =
        settings.transformers().stream().filter(t -> t.inspects(type)).findFirst();
    if (transformer.isPresent()) {
      try (Sources.Borrowed borrowed = sources.borrow(asset, budget)) {
        learned = transformer.get().inspect(borrowed.source(), budget);
      }
    }
    Facts known = asset.facts().and(learned);
    settings
        .acceptPolicy()
        .refuse(known.get(Fact.MEDIA_TYPE).orElse(type), known)
        .ifPresent(
            reason -> {
              throw new RejectedMediaException(reason);
            });
    return learned;
  }

  /**
   * Another asset with the same pixels, of those the one admitted first. Inspections end in any
   * order, so it need not have been admitted before this one: then, of the two, this is the one
   * that can know.
   */
  private Optional<AssetId> twin(AssetId self, Facts facts) {
    return facts
        .get(Fact.PIXEL_DIGEST)
        .flatMap(
            pixels ->
                settings.ledger().reader().samePixels(self.scope(), pixels, TWINS).stream()
                    .filter(other -> !other.equals(self))
                    .findFirst());
  }
}
