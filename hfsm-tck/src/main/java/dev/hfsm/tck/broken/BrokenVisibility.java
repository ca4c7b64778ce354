package dev.hfsm.tck.broken;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Purged;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.HoldReason;
import dev.hfsm.model.ReferenceName;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Defects in to whom assets are shown. */
final class BrokenVisibility {

  private BrokenVisibility() {}

  private static AssetLedger admitting(
      AssetLedger ledger, BiFunction<Tracks, Admission, @Nullable Visibility> understood) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public Admitted admit(Admission a) {
            return sound.admit(
                new Admission(
                    a.asset(),
                    a.size(),
                    a.key(),
                    a.reference(),
                    a.facts(),
                    understood.apply(tracks, a)));
          }
        });
  }

  private static boolean isThere(Tracks tracks, AssetId asset) {
    return tracks.reader().asset(asset).isPresent();
  }

  static AssetLedger newAssetsAreAlwaysPrivate(AssetLedger ledger) {
    return admitting(
        ledger, (tracks, a) -> isThere(tracks, a.asset()) ? a.visibility() : Visibility.PRIVATE);
  }

  static AssetLedger newAssetsArePublicUnlessSaidOtherwise(AssetLedger ledger) {
    return admitting(
        ledger,
        (tracks, a) ->
            isThere(tracks, a.asset())
                ? a.visibility()
                : Objects.requireNonNullElse(a.visibility(), Visibility.PUBLIC));
  }

  static AssetLedger duplicatesAreNotListenedTo(AssetLedger ledger) {
    return admitting(ledger, (tracks, a) -> isThere(tracks, a.asset()) ? null : a.visibility());
  }

  static AssetLedger duplicatesThatSayNothingHide(AssetLedger ledger) {
    return admitting(
        ledger, (tracks, a) -> Objects.requireNonNullElse(a.visibility(), Visibility.PRIVATE));
  }

  static AssetLedger publicOnceIsPublicForever(AssetLedger ledger) {
    return admitting(
        ledger, (tracks, a) -> a.visibility() == Visibility.PUBLIC ? Visibility.PUBLIC : null);
  }

  private static AssetLedger retaining(
      AssetLedger ledger, UnaryOperator<@Nullable Visibility> understood) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Intake(tracks.intake()) {
          @Override
          public Optional<AssetRow> retain(Retention r) {
            return sound.retain(
                new Retention(
                    r.asset(), r.reference(), r.cause(), understood.apply(r.visibility())));
          }
        });
  }

  static AssetLedger retentionsAreNotListenedTo(AssetLedger ledger) {
    return retaining(ledger, said -> null);
  }

  static AssetLedger retentionsThatSayNothingHide(AssetLedger ledger) {
    return retaining(ledger, said -> Objects.requireNonNullElse(said, Visibility.PRIVATE));
  }

  private static AssetLedger showing(
      AssetLedger ledger, TriFunction<Tracks, AssetId, Visibility> broken) {
    return BrokenCustody.keeping(
        ledger,
        tracks ->
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean show(AssetId asset, Visibility visibility) {
                return broken.apply(tracks, asset, visibility);
              }
            });
  }

  private interface TriFunction<A, B, C> {
    boolean apply(A a, B b, C c);
  }

  static AssetLedger showDoesNothing(AssetLedger ledger) {
    return showing(ledger, (tracks, asset, visibility) -> isThere(tracks, asset));
  }

  static AssetLedger showAlwaysSaysYes(AssetLedger ledger) {
    return showing(
        ledger, (tracks, asset, visibility) -> ledger.custody().show(asset, visibility) || true);
  }

  static AssetLedger showSaysWhetherItChangedAnything(AssetLedger ledger) {
    return showing(
        ledger,
        (tracks, asset, visibility) ->
            tracks.reader().asset(asset).filter(r -> r.visibility() != visibility).isPresent()
                && ledger.custody().show(asset, visibility));
  }

  static AssetLedger showCrossesScopes(AssetLedger ledger) {
    return showing(
        ledger,
        (tracks, asset, visibility) -> {
          for (AssetId other : tracks.assets) {
            if (other.digest().equals(asset.digest())) {
              ledger.custody().show(other, visibility);
            }
          }
          return isThere(tracks, asset);
        });
  }

  static AssetLedger showCountsAsAnUpload(AssetLedger ledger) {
    return showing(
        ledger,
        (tracks, asset, visibility) ->
            ledger
                .intake()
                .retain(
                    new Retention(
                        asset, new ReferenceName("shown"), Retention.Cause.UPLOAD, visibility))
                .isPresent());
  }

  static AssetLedger holdHides(AssetLedger ledger) {
    return BrokenCustody.keeping(
        ledger,
        tracks ->
            new DelegatingCustody(ledger.custody()) {
              @Override
              public boolean hold(AssetId asset, HoldReason reason) {
                sound.show(asset, Visibility.PRIVATE);
                return sound.hold(asset, reason);
              }
            });
  }

  static AssetLedger visibilityOutlivesAPurge(AssetLedger ledger) {
    Set<AssetId> shown = ConcurrentHashMap.newKeySet();
    return BrokenCustody.keeping(
            ledger,
            tracks ->
                new DelegatingCustody(ledger.custody()) {
                  @Override
                  public Purged purge(AssetId asset) {
                    tracks
                        .reader()
                        .asset(asset)
                        .filter(row -> row.visibility() == Visibility.PUBLIC)
                        .ifPresent(row -> shown.add(asset));
                    return sound.purge(asset);
                  }
                })
        .with(
            new DelegatingLedger.Intake(ledger.intake()) {
              @Override
              public Admitted admit(Admission admission) {
                Admitted admitted = sound.admit(admission);
                if (shown.contains(admission.asset())) {
                  ledger.custody().show(admission.asset(), Visibility.PUBLIC);
                }
                return admitted;
              }
            });
  }
}
