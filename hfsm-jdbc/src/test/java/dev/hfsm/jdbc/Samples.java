package dev.hfsm.jdbc;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Facts;
import dev.hfsm.model.MediaType;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Subject;
import dev.hfsm.model.TransformerId;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Assets and variants as tests need them; which ones they are does not matter. */
final class Samples {

  static final TransformerId TRANSFORMER = new TransformerId("test", 1);
  static final Duration LEASE = Duration.ofMinutes(5);

  private Samples() {}

  static Digest digest(String content) {
    return Digest.ofContent(content.getBytes(StandardCharsets.UTF_8));
  }

  static AssetId asset(String content) {
    return AssetId.of(digest(content));
  }

  static Admission admission(AssetId asset, String name, Instant now) {
    StorageKey key = StorageKey.raw(asset, Stamp.of(now, ThreadLocalRandom.current()));
    return new Admission(asset, 10, key, ReferenceName.of(name), Facts.NONE);
  }

  static AssetRow admit(AssetLedger ledger, String content, String name) {
    AssetId asset = asset(content);
    Instant now = ledger.intake().find(asset).now();
    AssetRow row = ledger.intake().admit(admission(asset, name, now)).asset();
    if (row == null) {
      throw new AssertionError("a fresh key was refused");
    }
    return row;
  }

  static VariantKey variant(AssetId asset, String transformation) {
    return VariantKey.of(asset.digest(), transformation, TRANSFORMER);
  }

  static VariantRequest request(AssetId asset, String transformation) {
    return new VariantRequest(
        asset, variant(asset, transformation), transformation, TRANSFORMER, 0);
  }

  static VariantContent content(AssetId asset, VariantKey variant, Instant now) {
    StorageKey key =
        StorageKey.variant(asset, variant, Stamp.of(now, ThreadLocalRandom.current()), "webp");
    return new VariantContent(
        key,
        new BlobRef(digest(key.text()), 5),
        MediaType.parse("image/webp"),
        1,
        1,
        Duration.ofMillis(3));
  }

  static Claim claim(AssetLedger ledger, String worker, Subject subject) {
    return ledger.work().claim(ClaimRequest.about(worker, List.of(subject), LEASE)).get(0);
  }
}
