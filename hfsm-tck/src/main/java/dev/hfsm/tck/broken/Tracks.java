package dev.hfsm.tck.broken;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.Requested;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Subject;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A ledger that remembers what passes through, so that a defect can misuse it. */
class Tracks extends DelegatingLedger {

  private static final Duration LONG = Duration.ofDays(30_000);

  final Map<Subject, Lease> leases = new ConcurrentHashMap<>();
  final Set<AssetId> assets = ConcurrentHashMap.newKeySet();
  private final AtomicLong salt = new AtomicLong(1L << 40);

  Tracks(AssetLedger sound) {
    super(sound);
    with(
        new Intake(sound.intake()) {
          @Override
          public Admitted admit(Admission admission) {
            assets.add(admission.asset());
            return sound.admit(admission);
          }
        });
    with(
        new Work(sound.work()) {
          @Override
          public List<Claim> claim(ClaimRequest request) {
            List<Claim> claims = sound.claim(request);
            claims.forEach(claim -> leases.put(claim.lease().subject(), claim.lease()));
            return claims;
          }

          @Override
          public List<Requested> requestAndClaim(
              List<VariantRequest> requests, String worker, Duration lease) {
            List<Requested> answers = sound.requestAndClaim(requests, worker, lease);
            answers.stream()
                .map(Requested::claim)
                .flatMap(Stream::ofNullable)
                .forEach(claim -> leases.put(claim.lease().subject(), claim.lease()));
            return answers;
          }
        });
  }

  Instant now() {
    return sound.intake().find(AssetId.of(Digest.ofContent(new byte[0]))).now();
  }

  StorageKey freshKey(AssetId asset) {
    return StorageKey.raw(asset, new Stamp(now(), salt.incrementAndGet()));
  }

  StorageKey freshKey(AssetId asset, VariantKey variant) {
    return StorageKey.variant(asset, variant, new Stamp(now(), salt.incrementAndGet()), "webp");
  }

  Admission underFreshKey(Admission a) {
    return new Admission(
        a.asset(), a.size(), freshKey(a.asset()), a.reference(), a.facts(), a.visibility());
  }

  /** Makes work unreachable, as if it had never been written. */
  void loseWork(Subject subject) {
    sound.work().claim(ClaimRequest.about("nobody", List.of(subject), LONG));
  }

  /** The lease that a ledger without a fence would take the given one for. */
  Lease takenFor(Lease held) {
    Subject subject = held.subject();
    sound.work().reap(1000, Integer.MAX_VALUE);
    List<Claim> claims = claimAbout(subject);
    if (claims.isEmpty() && sound.operator().redrive(subject)) {
      claims = claimAbout(subject);
    }
    if (!claims.isEmpty()) {
      return claims.get(0).lease();
    }
    Lease current = leases.get(subject);
    if (current == null) {
      throw new LeaseLostException(held.toString());
    }
    return current;
  }

  private List<Claim> claimAbout(Subject subject) {
    return sound.work().claim(ClaimRequest.about("anybody", List.of(subject), LONG));
  }

  /** Whether the sound ledger would take this lease. */
  boolean isHeld(Lease held) {
    return held.equals(leases.get(held.subject()))
        && sound.operator().work(held.subject().asset()).stream()
            .anyMatch(
                row ->
                    row.subject().equals(held.subject())
                        && row.leasedUntil() != null
                        && row.leasedUntil().isAfter(now()));
  }

  /** Evicts every variant of an asset. */
  void evictAll(AssetId asset) {
    sound.collector().evict(readyKeys(asset));
  }

  List<StorageKey> readyKeys(AssetId asset) {
    return sound.reader().variants(asset).stream()
        .map(Tracks::keyOf)
        .flatMap(Optional::stream)
        .toList();
  }

  static Optional<StorageKey> keyOf(VariantRow row) {
    return Optional.ofNullable(row.content()).map(VariantContent::key);
  }

  void releaseAll(AssetId asset) {
    for (Reference reference : sound.reader().references(asset)) {
      sound.intake().release(asset.scope(), reference.name());
    }
  }

  Optional<AssetRow> claimFor(AssetId asset, ReferenceName name) {
    return sound.intake().retain(new Retention(asset, name, Retention.Cause.CLAIM));
  }

  static AssetRow row(AssetRow r, long size, Facts facts, Instant admittedAt, Instant changedAt) {
    return new AssetRow(
        r.id(),
        size,
        r.key(),
        r.state(),
        facts,
        r.uploads(),
        admittedAt,
        changedAt,
        r.visibility(),
        r.hold(),
        r.damage());
  }
}
