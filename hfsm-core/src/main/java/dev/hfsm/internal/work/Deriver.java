package dev.hfsm.internal.work;

import dev.hfsm.error.TransformationException;
import dev.hfsm.internal.Leftovers;
import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.Lease;
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
  private final Early early;

  Deriver(Settings settings, Sources sources, Early early) {
    this.settings = settings;
    this.sources = sources;
    this.early = early;
    this.leftovers = new Leftovers(settings.blobs());
  }

  /** Hears of what was made before it is stored. */
  @FunctionalInterface
  interface Early {
    void made(Lease under, FoundVariant made);
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
    List<Ready> ready = new ArrayList<>();
    for (int i = 0; i < claims.size(); i++) {
      ready.add(ready(claims.get(i), renditions.get(i), recipes.get(i), cost, stages));
    }
    return ready.stream().map(this::stored).toList(); // after all of them were told of
  }

  private static VariantRow variant(Claim claim) {
    return Objects.requireNonNull(claim.variant(), "a claim on a variant");
  }

  /** A variant on its way to the store; or why there is none. */
  private record Ready(
      Claim claim,
      ByteSource bytes,
      @Nullable VariantContent content,
      @Nullable Throwable failure) {}

  /** Names what was made, and tells of it. */
  private Ready ready(
      Claim claim,
      Rendition made,
      Transformation recipe,
      Duration cost,
      Map<Stage, Duration> stages) {
    ByteSource bytes = made.content();
    try {
      StorageKey key =
          StorageKey.variant(
              claim.asset().id(),
              variant(claim).key(),
              Stamp.of(claim.now(), settings.random()),
              recipe.format().extension());
      Measured measured = measure(bytes);
      VariantContent content =
          new VariantContent(key, measured.blob(), made.type(), made.width(), made.height(), cost);
      settings.costs().took(key, stages); // before anybody is told of the key
      if (measured.bytes() != null) {
        VariantRow row = variant(claim).ready(content);
        early.made(claim.lease(), FoundVariant.made(row, measured.bytes()));
      }
      return new Ready(claim, bytes, content, null);
    } catch (RuntimeException | Error e) {
      return new Ready(claim, bytes, null, e);
    }
  }

  private Made stored(Ready ready) {
    VariantContent content = ready.content();
    if (content == null) {
      return new Made(null, ready.failure());
    }
    Claim claim = ready.claim();
    StorageKey key = content.key();
    try {
      settings.blobs().put(key, content.blob(), ready.bytes());
      Settlement settlement = new Settlement.Rendered(claim.lease(), content);
      settings.costs().made(claim.asset().id().scope(), content.blob().size());
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

  /**
   * What was made.
   *
   * @param bytes null if there are many
   */
  private record Measured(BlobRef blob, byte @Nullable [] bytes) {}

  private static Measured measure(ByteSource content) {
    long size = content.size();
    try (InputStream in = content.open()) {
      if (size > FoundVariant.LARGEST) {
        return new Measured(new BlobRef(Digest.of(DigestUtils.sha256(in)), size), null);
      }
      byte[] bytes = in.readNBytes((int) size + 1); // one more tells that the size is wrong
      BlobRef blob = new BlobRef(Digest.ofContent(bytes), size);
      return new Measured(blob, bytes.length == size ? bytes : null);
    } catch (IOException e) {
      throw new TransformationException("the rendition cannot be read: " + e, e, true);
    }
  }
}
