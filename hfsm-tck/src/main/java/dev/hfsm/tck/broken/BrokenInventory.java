package dev.hfsm.tck.broken;

import static java.util.Comparator.comparing;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.ledger.Kept;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.StorageKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;

/** Defects in what is told about what lies where, and whose it is. */
final class BrokenInventory {

  private static final int ALL = 100_000;

  private BrokenInventory() {}

  private interface Listing {
    Page<Kept> list(AssetLedger sound, Cursor after, int limit);
  }

  private static AssetLedger listing(AssetLedger ledger, Listing broken) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingCustody(ledger.custody()) {
              @Override
              public Page<Kept> inventory(Cursor after, int limit) {
                return broken.list(ledger, after, limit);
              }
            });
  }

  private static List<Kept> all(AssetLedger sound) {
    return sound.custody().inventory(Cursor.START, ALL).items();
  }

  private static AssetLedger only(AssetLedger ledger, Predicate<StorageKey.Parts> listed) {
    return listing(
        ledger,
        (sound, after, limit) -> {
          Page<Kept> page = sound.custody().inventory(after, limit);
          return new Page<>(
              page.items().stream()
                  .filter(kept -> listed.test(kept.key().parts().orElseThrow()))
                  .toList(),
              page.next());
        });
  }

  static AssetLedger inventoryForgetsVariants(AssetLedger ledger) {
    return only(ledger, parts -> parts.variant().isEmpty());
  }

  static AssetLedger inventoryForgetsScopes(AssetLedger ledger) {
    return only(ledger, parts -> parts.asset().scope().equals(Scope.DEFAULT));
  }

  static AssetLedger inventoryListsGarbage(AssetLedger ledger) {
    return listing(
        ledger,
        (sound, after, limit) -> {
          Page<Kept> page = sound.custody().inventory(after, limit);
          List<Kept> items = new ArrayList<>(page.items());
          for (Discarded garbage : sound.collector().garbage(ALL)) {
            StorageKey key = garbage.key();
            items.add(new Kept(key, new BlobRef(key.parts().orElseThrow().asset().digest(), 0)));
          }
          return new Page<>(items, page.next());
        });
  }

  private static AssetLedger sorted(AssetLedger ledger, Comparator<Kept> order) {
    return listing(
        ledger,
        (sound, after, limit) -> {
          List<Kept> kept = all(sound).stream().sorted(order).toList();
          int from = 0;
          while (from < kept.size()
              && !after.after().isEmpty()
              && !kept.get(from++).key().text().equals(after.after())) {}
          List<Kept> rest = kept.subList(from, kept.size());
          return rest.size() <= limit
              ? new Page<>(rest, null)
              : new Page<>(rest.subList(0, limit), new Cursor(rest.get(limit - 1).key().text()));
        });
  }

  static AssetLedger inventoryListsOriginalsFirst(AssetLedger ledger) {
    return sorted(
        ledger,
        comparing((Kept kept) -> kept.key().parts().orElseThrow().variant().isPresent())
            .thenComparing(Kept::key));
  }

  /** The order of a language, which passes over what is no letter. */
  static AssetLedger inventoryIsSortedLikeADictionary(AssetLedger ledger) {
    return sorted(
        ledger,
        comparing((Kept kept) -> kept.key().text().replaceAll("[^a-z0-9]", ""))
            .thenComparing(Kept::key));
  }

  static AssetLedger inventoryByOffset(AssetLedger ledger) {
    return listing(
        ledger, (sound, after, limit) -> BrokenReader.byOffset(all(sound), after, limit));
  }

  static AssetLedger inventoryEndsEarly(AssetLedger ledger) {
    return listing(
        ledger,
        (sound, after, limit) -> new Page<>(sound.custody().inventory(after, limit).items(), null));
  }

  static AssetLedger inventoryNeverEndsEmpty(AssetLedger ledger) {
    return listing(
        ledger,
        (sound, after, limit) -> {
          Page<Kept> page = sound.custody().inventory(after, limit);
          return page.items().isEmpty() && after.equals(Cursor.START)
              ? new Page<>(List.of(), new Cursor("0"))
              : page;
        });
  }

  static AssetLedger ledgerIdIsMadeForEachCall(AssetLedger ledger) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingCustody(ledger.custody()) {
              @Override
              public String ledgerId() {
                return UUID.randomUUID().toString();
              }
            });
  }

  static AssetLedger ledgerIdIsInCapitals(AssetLedger ledger) {
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingCustody(ledger.custody()) {
              @Override
              public String ledgerId() {
                return "L" + sound.ledgerId().toUpperCase(Locale.ROOT);
              }
            });
  }
}
