package dev.hfsm.tck.broken;

import static java.util.Comparator.comparing;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Collectable;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Defects in what is told of a collection beforehand. */
final class BrokenCollectables {

  private static final int ALL = 100_000;

  private BrokenCollectables() {}

  private interface Looking {
    Page<Collectable> look(Tracks tracks, Duration grace, Cursor after, int limit);
  }

  private static AssetLedger looking(AssetLedger ledger, Looking broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Collector(ledger.collector()) {
          @Override
          public Page<Collectable> collectable(Duration grace, Cursor after, int limit) {
            return broken.look(tracks, grace, after, limit);
          }
        });
  }

  private static Page<Collectable> look(Tracks tracks, Duration grace, Cursor after, int limit) {
    return tracks.sound.collector().collectable(grace, after, limit);
  }

  private static AssetLedger showing(AssetLedger ledger, UnaryOperator<Collectable> shown) {
    return looking(
        ledger,
        (tracks, grace, after, limit) -> {
          Page<Collectable> page = look(tracks, grace, after, limit);
          return new Page<>(page.items().stream().map(shown).toList(), page.next());
        });
  }

  static AssetLedger collectableIsCollected(AssetLedger ledger) {
    return looking(
        ledger,
        (tracks, grace, after, limit) -> {
          Page<Collectable> page = look(tracks, grace, after, limit);
          tracks.sound.collector().collect(grace, limit);
          return page;
        });
  }

  static AssetLedger collectableIgnoresGrace(AssetLedger ledger) {
    return looking(
        ledger, (tracks, grace, after, limit) -> look(tracks, Duration.ZERO, after, limit));
  }

  static AssetLedger collectableListsTheHeld(AssetLedger ledger) {
    return looking(
        ledger,
        (tracks, grace, after, limit) -> {
          Page<Collectable> page = look(tracks, grace, after, limit);
          List<Collectable> items = new ArrayList<>(page.items());
          for (AssetId asset : tracks.assets) {
            tracks
                .sound
                .reader()
                .asset(asset)
                .filter(row -> row.hold() != null)
                .ifPresent(row -> items.add(new Collectable(asset, 0, row.size())));
          }
          return new Page<>(items, page.next());
        });
  }

  static AssetLedger collectableByName(AssetLedger ledger) {
    return looking(
        ledger,
        (tracks, grace, after, limit) ->
            BrokenReader.byOffset(
                look(tracks, grace, Cursor.START, ALL).items().stream()
                    .sorted(comparing(Collectable::asset))
                    .toList(),
                after,
                limit));
  }

  static AssetLedger collectableByOffset(AssetLedger ledger) {
    return looking(
        ledger,
        (tracks, grace, after, limit) ->
            BrokenReader.byOffset(look(tracks, grace, Cursor.START, ALL).items(), after, limit));
  }

  static AssetLedger collectableEndsEarly(AssetLedger ledger) {
    return looking(
        ledger,
        (tracks, grace, after, limit) ->
            new Page<>(look(tracks, grace, after, limit).items(), null));
  }

  static AssetLedger collectableWeighsOriginalsOnly(AssetLedger ledger) {
    return looking(
        ledger,
        (tracks, grace, after, limit) -> {
          Page<Collectable> page = look(tracks, grace, after, limit);
          return new Page<>(
              page.items().stream()
                  .map(
                      c ->
                          new Collectable(
                              c.asset(),
                              c.variants(),
                              tracks.sound.reader().asset(c.asset()).orElseThrow().size()))
                  .toList(),
              page.next());
        });
  }

  static AssetLedger collectableSizesAreInts(AssetLedger ledger) {
    return showing(ledger, c -> new Collectable(c.asset(), c.variants(), (int) c.bytes()));
  }

  static AssetLedger collectableCountsWantedVariants(AssetLedger ledger) {
    return looking(
        ledger,
        (tracks, grace, after, limit) -> {
          Page<Collectable> page = look(tracks, grace, after, limit);
          return new Page<>(
              page.items().stream()
                  .map(
                      c ->
                          new Collectable(
                              c.asset(),
                              tracks.sound.reader().variants(c.asset()).size(),
                              c.bytes()))
                  .toList(),
              page.next());
        });
  }
}
