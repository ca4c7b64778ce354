package dev.hfsm.tck.broken;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.LedgerStats;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import dev.hfsm.queue.Hint;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/** Defects in what operators see and do. */
final class BrokenOperator {

  private BrokenOperator() {}

  private interface Paging<T> {
    Page<T> page(Cursor after, int limit);
  }

  private static AssetLedger due(AssetLedger ledger, Paging<Hint> broken) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Operator(ledger.operator()) {
              @Override
              public Page<Hint> due(Cursor after, int limit) {
                return broken.page(after, limit);
              }
            });
  }

  static AssetLedger dueByOffset(AssetLedger ledger) {
    return due(
        ledger,
        (after, limit) ->
            BrokenReader.byOffset(
                ledger.operator().due(Cursor.START, 100_000).items(), after, limit));
  }

  static AssetLedger dueEndsEarly(AssetLedger ledger) {
    return due(
        ledger, (after, limit) -> new Page<>(ledger.operator().due(after, limit).items(), null));
  }

  static AssetLedger dueForgetsPriority(AssetLedger ledger) {
    return due(
        ledger,
        (after, limit) -> {
          Page<Hint> page = ledger.operator().due(after, limit);
          return new Page<>(
              page.items().stream().map(h -> new Hint(h.subject(), h.notBefore(), 0)).toList(),
              page.next());
        });
  }

  private static AssetLedger dead(AssetLedger ledger, Paging<WorkRow> broken) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Operator(ledger.operator()) {
              @Override
              public Page<WorkRow> dead(Cursor after, int limit) {
                return broken.page(after, limit);
              }
            });
  }

  static AssetLedger deadByOffset(AssetLedger ledger) {
    return dead(
        ledger,
        (after, limit) ->
            BrokenReader.byOffset(
                ledger.operator().dead(Cursor.START, 100_000).items(), after, limit));
  }

  static AssetLedger deadNewestFirst(AssetLedger ledger) {
    return dead(
        ledger,
        (after, limit) ->
            BrokenReader.byOffset(
                BrokenReader.reversed(ledger.operator().dead(Cursor.START, 100_000).items()),
                after,
                limit));
  }

  static AssetLedger workHidesTheDead(AssetLedger ledger) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Operator(ledger.operator()) {
              @Override
              public List<WorkRow> work(AssetId asset) {
                return sound.work(asset).stream().filter(row -> !row.dead()).toList();
              }
            });
  }

  private static AssetLedger redriving(
      AssetLedger ledger, BiPredicate<AssetLedger, Subject> broken) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Operator(ledger.operator()) {
              @Override
              public boolean redrive(Subject subject) {
                return broken.test(ledger, subject);
              }
            });
  }

  static AssetLedger redriveAlwaysSaysYes(AssetLedger ledger) {
    return redriving(ledger, (sound, subject) -> sound.operator().redrive(subject) || true);
  }

  static AssetLedger redriveDoesNothing(AssetLedger ledger) {
    return redriving(ledger, (sound, subject) -> true);
  }

  static AssetLedger redriveLeavesTheRejected(AssetLedger ledger) {
    return redriving(
        ledger,
        (sound, subject) ->
            sound
                    .reader()
                    .asset(subject.asset())
                    .filter(row -> row.state() == AssetState.REJECTED)
                    .isEmpty()
                && sound.operator().redrive(subject));
  }

  private static AssetLedger stats(AssetLedger ledger, UnaryOperator<LedgerStats> broken) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Operator(ledger.operator()) {
              @Override
              public LedgerStats stats(Scope scope) {
                return broken.apply(sound.stats(scope));
              }
            });
  }

  static AssetLedger statsStoreDuplicates(AssetLedger ledger) {
    return stats(
        ledger,
        s ->
            new LedgerStats(
                s.assets(),
                s.variants(),
                s.logicalBytes(),
                s.logicalBytes(),
                s.variantBytes(),
                s.duplicates()));
  }

  static AssetLedger statsForgetTheFailed(AssetLedger ledger) {
    return stats(
        ledger,
        s -> {
          Map<AssetState, Long> assets = new EnumMap<>(s.assets());
          assets.remove(AssetState.FAILED);
          return new LedgerStats(
              assets,
              s.variants(),
              s.logicalBytes(),
              s.originalBytes(),
              s.variantBytes(),
              s.duplicates());
        });
  }

  static AssetLedger statsMixScopes(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Operator(ledger.operator()) {
          @Override
          public LedgerStats stats(Scope scope) {
            Map<AssetState, Long> assets = new HashMap<>(sound.stats(scope).assets());
            long variants = 0;
            for (AssetId id : tracks.assets) {
              LedgerStats other = sound.stats(id.scope());
              variants = Math.max(variants, other.variants());
              other.assets().forEach((state, n) -> assets.merge(state, n, Math::max));
            }
            LedgerStats s = sound.stats(scope);
            return new LedgerStats(
                assets,
                variants,
                s.logicalBytes(),
                s.originalBytes(),
                s.variantBytes(),
                s.duplicates());
          }
        });
  }

  static AssetLedger statsCountWantedVariants(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Operator(ledger.operator()) {
          @Override
          public LedgerStats stats(Scope scope) {
            LedgerStats s = sound.stats(scope);
            long all =
                tracks.assets.stream()
                    .filter(id -> id.scope().equals(scope))
                    .mapToLong(id -> tracks.sound.reader().variants(id).size())
                    .sum();
            return new LedgerStats(
                s.assets(),
                all,
                s.logicalBytes(),
                s.originalBytes(),
                s.variantBytes(),
                s.duplicates());
          }
        });
  }
}
