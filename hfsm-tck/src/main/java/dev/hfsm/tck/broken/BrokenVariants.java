package dev.hfsm.tck.broken;

import dev.hfsm.error.AssetGoneException;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Subject;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** Defects in how variants are asked for and listed. */
final class BrokenVariants {

  private BrokenVariants() {}

  private static AssetLedger requesting(
      AssetLedger ledger, BiFunction<Tracks, VariantRequest, VariantRow> broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public VariantRow requestVariant(VariantRequest request) {
            return broken.apply(tracks, request);
          }
        });
  }

  private static VariantRow request(Tracks tracks, VariantRequest request) {
    return tracks.sound.intake().requestVariant(request);
  }

  private static Optional<VariantRow> row(Tracks tracks, VariantRequest request) {
    return tracks.sound.reader().variant(request.asset(), request.key());
  }

  private static Subject subject(VariantRequest request) {
    return Subject.derive(request.asset(), request.key());
  }

  static AssetLedger requestForNothing(AssetLedger ledger) {
    return requesting(
        ledger,
        (tracks, r) -> {
          try {
            return request(tracks, r);
          } catch (AssetGoneException e) {
            return new VariantRow(
                r.asset(),
                r.key(),
                r.transformation(),
                r.transformer(),
                VariantState.REQUESTED,
                null,
                null,
                null,
                tracks.now());
          }
        });
  }

  static AssetLedger requestWithoutWork(AssetLedger ledger) {
    return requesting(
        ledger,
        (tracks, request) -> {
          boolean isNew = row(tracks, request).isEmpty();
          VariantRow row = request(tracks, request);
          if (isNew) {
            tracks.loseWork(subject(request));
          }
          return row;
        });
  }

  static AssetLedger requestCutsText(AssetLedger ledger) {
    return requesting(
        ledger,
        (tracks, r) ->
            request(
                tracks,
                new VariantRequest(
                    r.asset(),
                    r.key(),
                    r.transformation().substring(0, Math.min(255, r.transformation().length())),
                    r.transformer(),
                    r.priority())));
  }

  static AssetLedger requestNeedsInspection(AssetLedger ledger) {
    return requesting(
        ledger,
        (tracks, request) -> {
          tracks
              .sound
              .reader()
              .asset(request.asset())
              .filter(row -> row.state().isBeingInspected())
              .ifPresent(
                  row -> {
                    throw new IllegalStateException("still being inspected: " + row.id());
                  });
          return request(tracks, request);
        });
  }

  static AssetLedger requestAgainStartsOver(AssetLedger ledger) {
    return requesting(
        ledger,
        (tracks, request) -> {
          Lease lease = tracks.leases.get(subject(request));
          if (lease != null && tracks.isHeld(lease)) {
            tracks.sound.work().release(lease);
          }
          return request(tracks, request);
        });
  }

  static AssetLedger readyIsMadeAgain(AssetLedger ledger) {
    return requesting(
        ledger,
        (tracks, request) -> {
          Collection<StorageKey> ready =
              row(tracks, request).flatMap(Tracks::keyOf).map(List::of).orElse(List.of());
          tracks.sound.collector().evict(ready);
          return request(tracks, request);
        });
  }

  static AssetLedger failureIsNotRemembered(AssetLedger ledger) {
    return requesting(
        ledger,
        (tracks, request) -> {
          tracks.sound.operator().redrive(subject(request));
          return request(tracks, request);
        });
  }

  static AssetLedger failureIsRememberedForever(AssetLedger ledger) {
    return requesting(
        ledger,
        (tracks, request) ->
            row(tracks, request)
                .filter(row -> row.state() == VariantState.FAILED)
                .orElseGet(() -> request(tracks, request)));
  }

  static AssetLedger priorityIsIgnored(AssetLedger ledger) {
    return requesting(
        ledger,
        (tracks, r) ->
            request(
                tracks,
                new VariantRequest(r.asset(), r.key(), r.transformation(), r.transformer(), 0)));
  }

  static AssetLedger requestedAtIsRenewed(AssetLedger ledger) {
    return requesting(ledger, (tracks, request) -> at(request(tracks, request), tracks.now()));
  }

  static AssetLedger requestedAtIsMadeUp(AssetLedger ledger) {
    return requesting(ledger, (tracks, request) -> at(request(tracks, request), Instant.EPOCH));
  }

  private static VariantRow at(VariantRow r, Instant requestedAt) {
    return new VariantRow(
        r.asset(),
        r.key(),
        r.transformation(),
        r.transformer(),
        r.state(),
        r.content(),
        r.failure(),
        r.retryAfter(),
        requestedAt);
  }

  static AssetLedger variantsAreUnordered(AssetLedger ledger) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Reader(ledger.reader()) {
              @Override
              public List<VariantRow> variants(AssetId asset) {
                List<VariantRow> rows = new ArrayList<>(sound.variants(asset));
                Collections.reverse(rows);
                return rows;
              }
            });
  }

  /** Removed variants are still shown, as from a cache that nobody told. */
  static AssetLedger removedVariantsAreShown(AssetLedger ledger) {
    Map<VariantKey, VariantRow> seen = new ConcurrentHashMap<>();
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Reader(ledger.reader()) {
              @Override
              public Optional<VariantRow> variant(AssetId asset, VariantKey variant) {
                return sound
                    .variant(asset, variant)
                    .or(() -> Optional.ofNullable(seen.get(variant)));
              }

              @Override
              public List<VariantRow> variants(AssetId asset) {
                List<VariantRow> rows = new ArrayList<>(sound.variants(asset));
                seen.values().stream().filter(r -> r.asset().equals(asset)).forEach(rows::add);
                return rows;
              }
            })
        .with(
            new DelegatingLedger.Collector(ledger.collector()) {
              @Override
              public List<AssetId> collect(Duration grace, int limit) {
                Map<VariantKey, VariantRow> before = new ConcurrentHashMap<>();
                List<AssetId> all =
                    ledger.operator().due(Cursor.START, 1000).items().stream()
                        .map(hint -> hint.subject().asset())
                        .toList();
                all.forEach(a -> ledger.reader().variants(a).forEach(v -> before.put(v.key(), v)));
                List<AssetId> collected = sound.collect(grace, limit);
                before.values().removeIf(v -> !collected.contains(v.asset()));
                seen.putAll(before);
                return collected;
              }

              @Override
              public Set<StorageKey> evict(Collection<StorageKey> variants) {
                Map<VariantKey, VariantRow> before = new ConcurrentHashMap<>();
                variants.stream()
                    .flatMap(key -> key.parts().stream())
                    .flatMap(parts -> ledger.reader().variants(parts.asset()).stream())
                    .forEach(row -> before.put(row.key(), row));
                Set<StorageKey> evicted = sound.evict(variants);
                before.values().stream()
                    .filter(row -> ledger.reader().variant(row.asset(), row.key()).isEmpty())
                    .forEach(row -> seen.put(row.key(), row));
                return evicted;
              }
            });
  }
}
