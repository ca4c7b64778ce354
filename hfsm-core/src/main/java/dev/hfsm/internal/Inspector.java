package dev.hfsm.internal;

import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.Transition;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Transformer;
import java.util.Optional;

/** Learns what an asset is: INGESTED → DEDUP_CHECK → METADATA_READY, or REJECTED. */
final class Inspector {

  private static final int TWINS = 2;

  private final Settings settings;
  private final Sources sources;
  private final Notifier notifier;

  Inspector(Settings settings, Sources sources, Notifier notifier) {
    this.settings = settings;
    this.sources = sources;
    this.notifier = notifier;
  }

  void inspect(Claim claim, Budget budget) {
    AssetRow asset = claim.asset();
    try {
      Facts facts = asset.facts();
      if (asset.state() == AssetState.INGESTED) {
        Facts learned = learn(asset, budget);
        advance(claim, AssetEvent.FINGERPRINTED, learned);
        facts = facts.and(learned);
      }
      advance(
          claim,
          AssetEvent.DESCRIBED,
          Facts.NONE.withOptional(Fact.SAME_PIXELS_AS, twin(asset.id(), facts)));
    } catch (RejectedMediaException e) {
      advance(claim, AssetEvent.REFUSED, Facts.of(Fact.REJECTION, e.getMessage()));
    }
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

  private void advance(Claim claim, AssetEvent event, Facts learned) {
    Transition done = settings.ledger().work().advance(claim.lease(), event, learned);
    notifier.tell(claim.asset().id(), done);
  }
}
