package dev.hfsm.internal.work;

import dev.hfsm.error.TransformationException;
import dev.hfsm.internal.Leftovers;
import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.transform.Budget;
import dev.hfsm.transform.Rendition;
import dev.hfsm.transform.Source;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import dev.hfsm.transform.Watermark;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/** Makes a variant: transforms, puts to a fresh key, and reports it to be published. */
final class Deriver {

  private final Settings settings;
  private final Sources sources;
  private final Leftovers leftovers;

  Deriver(Settings settings, Sources sources) {
    this.settings = settings;
    this.sources = sources;
    this.leftovers = new Leftovers(settings.blobs());
  }

  Report derive(Claim claim, VariantRow variant, Budget budget) {
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
    VariantContent content =
        new VariantContent(key, blob, made.type(), made.width(), made.height(), cost);
    return new Report(
        new Settlement.Rendered(claim.lease(), content), null, () -> clearUnnamed(key));
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
    Optional<Digest> mark = recipe.watermark().map(Watermark::image);
    if (mark.isEmpty()) {
      try (Sources.Borrowed borrowed = sources.borrow(asset, budget)) {
        return transformer.render(borrowed.source(), List.of(recipe), budget).get(0);
      }
    }
    AssetRow companion = companion(new AssetId(asset.id().scope(), mark.get()));
    try (Sources.Borrowed other = sources.borrow(companion, budget);
        Sources.Borrowed borrowed = sources.borrow(asset, budget)) {
      Source source = borrowed.source().with(mark.get(), other.source());
      return transformer.render(source, List.of(recipe), budget).get(0);
    }
  }

  /** What a recipe names comes from the same scope, so that no tenant can look at another's. */
  private AssetRow companion(AssetId id) {
    return settings
        .ledger()
        .reader()
        .asset(id)
        .orElseThrow(() -> new TransformationException("there is no watermark " + id, null, false));
  }

  /** A row may name the key after all, as when an answer was lost and the call repeated. */
  private void clearUnnamed(StorageKey key) {
    if (settings.ledger().collector().named(List.of(key)).isEmpty()) {
      leftovers.discard(key);
    }
  }

  private static BlobRef measure(ByteSource content) {
    try (InputStream in = content.open()) {
      return new BlobRef(Digest.of(DigestUtils.sha256(in)), content.size());
    } catch (IOException e) {
      throw new TransformationException("the rendition cannot be read: " + e, e, true);
    }
  }
}
