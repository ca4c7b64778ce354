package dev.hfsm.reliability;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Published;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Inspect and derive as the design's section on protocols has them, on one thread: a pipeline's own
 * workers wait for each other in ways that cannot be led step by step.
 */
final class Worker {

  private static final Duration LEASE = Lifetime.LEASE;

  private final String name;
  private final AssetLedger ledger;
  private final BlobStore blobs;
  private final RandomGenerator random;
  private final Consumer<Subject> published;

  /**
   * @param published told of every publication that took effect
   */
  Worker(
      String name,
      AssetLedger ledger,
      BlobStore blobs,
      RandomGenerator random,
      Consumer<Subject> published) {
    this.name = name;
    this.ledger = ledger;
    this.blobs = blobs;
    this.random = random;
    this.published = published;
  }

  /** Does one piece of work, if one is due; says whether there was one. */
  boolean once() throws IOException {
    List<Claim> claims =
        ledger.work().claim(ClaimRequest.due(name, EnumSet.allOf(WorkKind.class), 1, LEASE));
    for (Claim claim : claims) {
      try {
        work(claim);
      } catch (LeaseLostException | AssetGoneException lost) {
        continue; // another has it, or it is gone
      } catch (BlobNotFoundException gone) {
        giveBack(claim.lease(), gone.getMessage(), claim.now());
      }
    }
    return !claims.isEmpty();
  }

  private void work(Claim claim) throws IOException {
    VariantRow variant = claim.variant();
    if (variant != null) {
      derive(claim, variant);
      return;
    }
    if (claim.asset().state() == AssetState.INGESTED) {
      read(claim);
      ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, Facts.NONE);
    }
    ledger.work().advance(claim.lease(), AssetEvent.DESCRIBED, Facts.NONE);
  }

  private void derive(Claim claim, VariantRow variant) throws IOException {
    byte[] made = Toys.loud(read(claim));
    BlobRef blob = new BlobRef(Digest.ofContent(made), made.length);
    Stamp stamp = Stamp.of(claim.now(), random);
    StorageKey key = StorageKey.variant(claim.asset().id(), variant.key(), stamp, "txt");
    blobs.put(key, blob, ByteSource.of(made));
    VariantContent content =
        new VariantContent(key, blob, new MediaType("text/x-toy"), 1, 1, Duration.ofMillis(1));
    try {
      Published answer = ledger.work().publish(claim.lease(), content);
      if (answer.outcome() == Published.Outcome.PUBLISHED) {
        published.accept(claim.lease().subject());
      } else {
        blobs.delete(key);
        giveBack(claim.lease(), "stale", claim.now());
      }
    } catch (LeaseLostException lost) {
      if (ledger.collector().named(List.of(key)).isEmpty()) {
        blobs.delete(key);
      }
    }
  }

  private byte[] read(Claim claim) throws IOException {
    try (InputStream in = blobs.open(claim.asset().key(), ByteRange.ALL)) {
      return in.readAllBytes();
    }
  }

  private void giveBack(Lease lease, String why, Instant at) {
    try {
      ledger.work().retry(lease, new Failure("test", why, true, at), Duration.ZERO);
    } catch (LeaseLostException lost) {
      return; // then it is not ours to give back
    }
  }
}
