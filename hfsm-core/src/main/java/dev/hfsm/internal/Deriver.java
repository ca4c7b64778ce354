package dev.hfsm.internal;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.Published;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/** Makes a variant: transforms, puts to a fresh key, publishes under the lease's fence. */
final class Deriver {

  private final Settings settings;
  private final Sources sources;
  private final Notifier notifier;
  private final Leftovers leftovers;

  Deriver(Settings settings, Sources sources, Notifier notifier) {
    this.settings = settings;
    this.sources = sources;
    this.notifier = notifier;
    this.leftovers = new Leftovers(settings.blobs());
  }

  void derive(Claim claim, VariantRow variant, Budget budget) {
    long start = System.nanoTime();
    Transformation recipe = Transformation.parse(variant.transformation());
    Rendition made = render(claim.asset(), variant, recipe, budget);
    Duration cost = Duration.ofNanos(System.nanoTime() - start);

    StorageKey key =
        StorageKey.variant(
            claim.asset().id(),
            variant.key(),
            Stamp.of(claim.now(), settings.random()),
            recipe.format().extension());
    BlobRef blob = measure(made.content());
    settings.blobs().put(key, blob, made.content());
    publish(claim, new VariantContent(key, blob, made.type(), made.width(), made.height(), cost));
  }

  private Rendition render(
      AssetRow asset, VariantRow variant, Transformation recipe, Budget budget) {
    Transformer transformer =
        settings.transformers().stream()
            .filter(t -> t.id().equals(variant.transformer()))
            .findFirst()
            .orElseThrow(
                () ->
                    new TransformationException(
                        "this node has no transformer " + variant.transformer(), null, true));
    try (Sources.Borrowed borrowed = sources.borrow(asset, budget)) {
      return transformer.render(borrowed.source(), List.of(recipe), budget).get(0);
    }
  }

  private void publish(Claim claim, VariantContent content) {
    Published published;
    try {
      published = settings.ledger().work().publish(claim.lease(), content);
    } catch (LeaseLostException lost) {
      if (!isNamed(content.key())) {
        leftovers.discard(content.key());
      }
      throw lost;
    }
    // Committed or refused for good: from here on, log and never fail.
    if (published.outcome() == Published.Outcome.STALE_KEY) {
      leftovers.discard(content.key());
      throw new TransformationException("took so long that its storage key went stale", null, true);
    }
    if (published.transition() != null) {
      notifier.tell(claim.asset().id(), published.transition());
    }
  }

  /** Whether a row names the key after all, as when an answer was lost and the call repeated. */
  private boolean isNamed(StorageKey key) {
    return !settings.ledger().collector().named(List.of(key)).isEmpty();
  }

  private static BlobRef measure(ByteSource content) {
    try (InputStream in = content.open()) {
      return new BlobRef(Digest.of(DigestUtils.sha256(in)), content.size());
    } catch (IOException e) {
      throw new TransformationException("the rendition cannot be read: " + e, e, true);
    }
  }
}
