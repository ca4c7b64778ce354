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
import dev.hfsm.transform.Stage;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import dev.hfsm.transform.Watermark;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Makes variants of one asset: transforms, puts each to a fresh key, and reports it to be
 * published.
 */
final class Deriver {

  private final Settings settings;
  private final Sources sources;
  private final Leftovers leftovers;

  Deriver(Settings settings, Sources sources) {
    this.settings = settings;
    this.sources = sources;
    this.leftovers = new Leftovers(settings.blobs());
  }

  /** What became of one variant: a report, or why there is none. */
  record Made(@Nullable Report written, @Nullable Throwable failure) {

    /** The report; throws the failure if there is none. */
    Report report() {
      if (written != null) {
        return written;
      }
      if (failure instanceof Error error) {
        throw error;
      }
      throw failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
    }
  }

  /**
   * Makes what is owed under some claims on one asset and one transformer, from one decode. A
   * variant that was made and cannot be stored does not touch the others; if the transformer
   * throws, none is made.
   *
   * @param claims more than one only if no recipe has a watermark
   */
  List<Made> derive(List<Claim> claims, WorkBudget budget) {
    try (Meter.Shift shift = budget.work()) {
      return made(claims, budget);
    }
  }

  private List<Made> made(List<Claim> claims, WorkBudget budget) {
    long start = System.nanoTime();
    List<Transformation> recipes =
        claims.stream()
            .map(claim -> Transformation.parse(variant(claim).transformation()))
            .toList();
    Claim first = claims.get(0);
    List<Rendition> renditions = render(first.asset(), variant(first), recipes, budget);
    // What a decode that was shared has cost is shared.
    Duration cost = Duration.ofNanos((System.nanoTime() - start) / claims.size());
    Map<Stage, Duration> stages = budget.stages(claims.size());
    List<Made> made = new ArrayList<>();
    for (int i = 0; i < claims.size(); i++) {
      String extension = recipes.get(i).format().extension();
      made.add(stored(claims.get(i), renditions.get(i), extension, cost, stages));
    }
    return made;
  }

  private static VariantRow variant(Claim claim) {
    return Objects.requireNonNull(claim.variant(), "a claim on a variant");
  }

  private Made stored(
      Claim claim, Rendition made, String extension, Duration cost, Map<Stage, Duration> stages) {
    try {
      StorageKey key =
          StorageKey.variant(
              claim.asset().id(),
              variant(claim).key(),
              Stamp.of(claim.now(), settings.random()),
              extension);
      BlobRef blob = measure(made.content());
      settings.blobs().put(key, blob, made.content());
      VariantContent content =
          new VariantContent(key, blob, made.type(), made.width(), made.height(), cost);
      Settlement settlement = new Settlement.Rendered(claim.lease(), content);
      settings.costs().made(claim.asset().id().scope(), blob.size());
      settings.costs().took(key, stages);
      return new Made(new Report(settlement, null, () -> clearUnnamed(key)), null);
    } catch (RuntimeException | Error e) {
      return new Made(null, e);
    }
  }

  private List<Rendition> render(
      AssetRow asset, VariantRow variant, List<Transformation> recipes, Budget budget) {
    Transformer transformer =
        settings.transformers().stream()
            .filter(t -> t.id().equals(variant.transformer()))
            .findFirst()
            .orElseThrow(
                () ->
                    new TransformationException(
                        "this node has no transformer " + variant.transformer(), null, true));
    Optional<Digest> mark = recipes.get(0).watermark().map(Watermark::image);
    if (mark.isEmpty()) {
      try (Sources.Borrowed borrowed = sources.borrow(asset, budget)) {
        return transformer.render(borrowed.source(), recipes, budget);
      }
    }
    AssetRow companion = companion(new AssetId(asset.id().scope(), mark.get()));
    try (Sources.Borrowed other = sources.borrow(companion, budget);
        Sources.Borrowed borrowed = sources.borrow(asset, budget)) {
      Source source = borrowed.source().with(mark.get(), other.source());
      return transformer.render(source, recipes, budget);
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
