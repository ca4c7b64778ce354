package dev.hfsm.tck.broken;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.Lookup;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.Retention;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Page;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Defects in what is stored about assets and how it is read back. */
final class BrokenReader {

  private BrokenReader() {}

  static <T> List<T> reversed(List<T> items) {
    List<T> reversed = new ArrayList<>(items);
    Collections.reverse(reversed);
    return reversed;
  }

  /** Every asset row, however it is read, is what {@code stored} makes of it. */
  private static AssetLedger rows(AssetLedger ledger, UnaryOperator<AssetRow> stored) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Intake(ledger.intake()) {
              @Override
              public Lookup find(AssetId asset) {
                Lookup found = sound.find(asset);
                AssetRow row = found.asset();
                return new Lookup(row == null ? null : stored.apply(row), found.now());
              }

              @Override
              public Admitted admit(Admission admission) {
                Admitted admitted = sound.admit(admission);
                AssetRow row = admitted.asset();
                return new Admitted(admitted.outcome(), row == null ? null : stored.apply(row));
              }

              @Override
              public Optional<AssetRow> retain(Retention retention) {
                return sound.retain(retention).map(stored);
              }
            })
        .with(
            new DelegatingLedger.Reader(ledger.reader()) {
              @Override
              public Optional<AssetRow> asset(AssetId asset) {
                return sound.asset(asset).map(stored);
              }
            });
  }

  static AssetLedger sizesAreInts(AssetLedger ledger) {
    return rows(
        ledger, r -> Tracks.row(r, (int) r.size(), r.facts(), r.admittedAt(), r.changedAt()));
  }

  static AssetLedger factsAreAscii(AssetLedger ledger) {
    return rows(
        ledger,
        r ->
            Tracks.row(
                r,
                r.size(),
                Facts.parse(r.facts().toString().replaceAll("[^\\x00-\\x7f]", "?")),
                r.admittedAt(),
                r.changedAt()));
  }

  static AssetLedger unknownFactsAreDropped(AssetLedger ledger) {
    return rows(
        ledger, r -> Tracks.row(r, r.size(), known(r.facts()), r.admittedAt(), r.changedAt()));
  }

  private static Facts known(Facts facts) {
    Facts known = Facts.NONE;
    for (Fact<?> fact : Fact.all()) {
      known = known.and(only(fact, facts));
    }
    return known;
  }

  private static <T> Facts only(Fact<T> fact, Facts facts) {
    return Facts.NONE.withOptional(fact, facts.get(fact));
  }

  static AssetLedger changeIsNotTimed(AssetLedger ledger) {
    return rows(ledger, r -> Tracks.row(r, r.size(), r.facts(), r.admittedAt(), r.admittedAt()));
  }

  static AssetLedger admissionIsNotTimed(AssetLedger ledger) {
    return rows(ledger, r -> Tracks.row(r, r.size(), r.facts(), Instant.EPOCH, r.changedAt()));
  }

  private static AssetLedger histories(
      AssetLedger ledger, UnaryOperator<Stream<HistoryEntry>> shown) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Reader(ledger.reader()) {
              @Override
              public List<HistoryEntry> history(AssetId asset) {
                return shown.apply(sound.history(asset).stream()).toList();
              }
            });
  }

  static AssetLedger historyIsNotWritten(AssetLedger ledger) {
    return histories(ledger, entries -> Stream.empty());
  }

  static AssetLedger historyIsReversed(AssetLedger ledger) {
    return histories(ledger, entries -> reversed(entries.toList()).stream());
  }

  static AssetLedger historyForgetsWorker(AssetLedger ledger) {
    return histories(
        ledger,
        entries ->
            entries.map(
                e ->
                    new HistoryEntry(
                        e.asset(), e.from(), e.to(), e.event(), e.detail(), null, 0, e.at())));
  }

  static AssetLedger historyForgetsRedrives(AssetLedger ledger) {
    return histories(ledger, entries -> entries.filter(e -> e.event() != AssetEvent.REDRIVEN));
  }

  static AssetLedger historyGoesWithTheAsset(AssetLedger ledger) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Reader(ledger.reader()) {
              @Override
              public List<HistoryEntry> history(AssetId asset) {
                List<HistoryEntry> all = sound.history(asset);
                int start = 0;
                for (int i = 0; i < all.size(); i++) {
                  start = all.get(i).event() == AssetEvent.ADMITTED ? i : start;
                }
                return sound.asset(asset).isPresent() ? all.subList(start, all.size()) : List.of();
              }
            });
  }

  static AssetLedger referencesAreUnordered(AssetLedger ledger) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Reader(ledger.reader()) {
              @Override
              public List<Reference> references(AssetId asset) {
                return reversed(sound.references(asset));
              }
            });
  }

  /** {@code since} is when the name was last heard of. */
  static AssetLedger sinceIsRenewed(AssetLedger ledger) {
    return since(ledger, true);
  }

  static AssetLedger sinceIsMadeUp(AssetLedger ledger) {
    return since(ledger, false);
  }

  private static AssetLedger since(AssetLedger ledger, boolean now) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Reader(ledger.reader()) {
          @Override
          public List<Reference> references(AssetId asset) {
            return sound.references(asset).stream()
                .map(r -> new Reference(asset, r.name(), now ? tracks.now() : Instant.EPOCH))
                .toList();
          }
        });
  }

  /** A name that moves is copied: it points at both assets. */
  static AssetLedger movedNamesAreCopied(AssetLedger ledger) {
    Map<AssetId, Set<Reference>> ever = new ConcurrentHashMap<>();
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Intake(ledger.intake()) {
              @Override
              public Admitted admit(Admission admission) {
                Admitted admitted = sound.admit(admission);
                note(admission.asset());
                return admitted;
              }

              @Override
              public Optional<AssetRow> retain(Retention retention) {
                Optional<AssetRow> row = sound.retain(retention);
                note(retention.asset());
                return row;
              }

              @Override
              public Optional<AssetId> release(Scope scope, ReferenceName name) {
                ever.values().forEach(set -> set.removeIf(r -> r.name().equals(name)));
                return sound.release(scope, name);
              }

              private void note(AssetId asset) {
                ever.computeIfAbsent(asset, a -> Collections.synchronizedSet(new LinkedHashSet<>()))
                    .addAll(ledger.reader().references(asset));
              }
            })
        .with(
            new DelegatingLedger.Reader(ledger.reader()) {
              @Override
              public List<Reference> references(AssetId asset) {
                Set<Reference> all = new LinkedHashSet<>(sound.references(asset));
                all.addAll(List.copyOf(ever.getOrDefault(asset, Set.of())));
                return all.stream().sorted(Comparator.comparing(Reference::name)).toList();
              }
            });
  }

  static AssetLedger samePixelsLastFirst(AssetLedger ledger) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Reader(ledger.reader()) {
              @Override
              public List<AssetId> samePixels(Scope scope, Digest pixels, int limit) {
                return reversed(sound.samePixels(scope, pixels, limit));
              }
            });
  }

  private interface Listing {
    Page<AssetRow> assets(Scope scope, Cursor after, int limit);
  }

  private static AssetLedger listing(AssetLedger ledger, Listing broken) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Reader(ledger.reader()) {
              @Override
              public Page<AssetRow> assets(Scope scope, Cursor after, int limit) {
                return broken.assets(scope, after, limit);
              }
            });
  }

  static AssetLedger assetsAreUnordered(AssetLedger ledger) {
    return listing(
        ledger,
        (scope, after, limit) -> {
          Page<AssetRow> page = ledger.reader().assets(scope, after, limit);
          return new Page<>(reversed(page.items()), page.next());
        });
  }

  static AssetLedger assetsIgnoreLimit(AssetLedger ledger) {
    return listing(ledger, (scope, after, limit) -> ledger.reader().assets(scope, after, 1000));
  }

  static AssetLedger assetsByOffset(AssetLedger ledger) {
    return listing(
        ledger,
        (scope, after, limit) ->
            byOffset(ledger.reader().assets(scope, Cursor.START, 100_000).items(), after, limit));
  }

  /** Pages by number: what is removed before the page shifts everything after it. */
  static <T> Page<T> byOffset(List<T> all, Cursor after, int limit) {
    int from = after.after().matches("#[0-9]+") ? Integer.parseInt(after.after().substring(1)) : 0;
    if (from + limit >= all.size()) {
      return new Page<>(all.subList(Math.min(from, all.size()), all.size()), null);
    }
    return new Page<>(all.subList(from, from + limit), new Cursor("#" + (from + limit)));
  }
}
