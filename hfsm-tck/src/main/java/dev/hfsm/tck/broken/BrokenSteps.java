package dev.hfsm.tck.broken;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.Published;
import dev.hfsm.ledger.Published.Outcome;
import dev.hfsm.ledger.Settled;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.StateMachine;
import dev.hfsm.model.Subject;
import dev.hfsm.model.Transition;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Defects in how inspections advance and variants are published. */
final class BrokenSteps {

  private BrokenSteps() {}

  private interface Advancing {
    Transition advance(Tracks tracks, Lease held, AssetEvent event, Facts learned);
  }

  private static AssetLedger advancing(AssetLedger ledger, Advancing broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public Transition advance(Lease held, AssetEvent event, Facts learned) {
            return broken.advance(tracks, held, event, learned);
          }
        });
  }

  private static Transition advance(Tracks t, Lease held, AssetEvent event, Facts learned) {
    return t.sound.work().advance(held, event, learned);
  }

  static AssetLedger stepEndsLease(AssetLedger ledger) {
    return advancing(
        ledger,
        (tracks, held, event, learned) -> {
          Transition transition = advance(tracks, held, event, learned);
          if (transition.to() == AssetState.DEDUP_CHECK
              && tracks.sound.reader().variants(held.subject().asset()).isEmpty()
              && learned.isEmpty()) {
            tracks.sound.work().renew(held, Duration.ofMillis(1));
          }
          return transition;
        });
  }

  static AssetLedger refusalLosesReason(AssetLedger ledger) {
    return advancing(
        ledger,
        (t, held, event, learned) ->
            advance(t, held, event, event == AssetEvent.REFUSED ? Facts.NONE : learned));
  }

  static AssetLedger olderFactsWin(AssetLedger ledger) {
    return advancing(
        ledger,
        (tracks, held, event, learned) -> {
          Facts older =
              tracks
                  .sound
                  .reader()
                  .asset(held.subject().asset())
                  .map(AssetRow::facts)
                  .orElse(Facts.NONE);
          return advance(tracks, held, event, learned.and(older));
        });
  }

  static AssetLedger stepsAreSkipped(AssetLedger ledger) {
    return advancing(
        ledger,
        (tracks, held, event, learned) -> {
          try {
            return advance(tracks, held, event, learned);
          } catch (IllegalStateException e) {
            advance(tracks, held, AssetEvent.FINGERPRINTED, Facts.NONE);
            return advance(tracks, held, event, learned);
          }
        });
  }

  /** Takes a report that is made twice for one that cannot be. */
  static AssetLedger repeatedStepIsRefused(AssetLedger ledger) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public Transition advance(Lease held, AssetEvent event, Facts learned) {
            requireNews(tracks, held, event);
            return sound.advance(held, event, learned);
          }

          @Override
          public List<Settled> settle(List<Settlement> settlements) {
            for (Settlement settlement : settlements) {
              if (settlement instanceof Settlement.Step step) {
                requireNews(tracks, step.held(), step.event());
              }
            }
            return sound.settle(settlements);
          }
        });
  }

  private static void requireNews(Tracks tracks, Lease held, AssetEvent event) {
    if (tracks.isHeld(held)) {
      tracks
          .sound
          .reader()
          .asset(held.subject().asset())
          .ifPresent(row -> StateMachine.require(row.state(), event));
    }
  }

  /** Takes any report of a step that was made for a report that is repeated. */
  static AssetLedger repeatedStepLosesFacts(AssetLedger ledger) {
    return advancing(
        ledger,
        (tracks, held, event, learned) -> {
          try {
            return advance(tracks, held, event, learned);
          } catch (IllegalStateException e) {
            return tracks
                .sound
                .reader()
                .asset(held.subject().asset())
                .flatMap(row -> StateMachine.repeated(row.state(), event))
                .orElseThrow(() -> e);
          }
        });
  }

  static AssetLedger anyEventAdvances(AssetLedger ledger) {
    return advancing(
        ledger,
        (tracks, held, event, learned) -> {
          if (event == AssetEvent.EXHAUSTED) {
            Failure failure = new Failure("exhausted", "", false, Instant.EPOCH);
            tracks.sound.work().bury(held, failure);
            return StateMachine.require(AssetState.INGESTED, event);
          }
          return advance(tracks, held, event, learned);
        });
  }

  static AssetLedger anyLeaseAdvances(AssetLedger ledger) {
    return advancing(
        ledger,
        (tracks, held, event, learned) ->
            advance(
                tracks,
                held.subject().variant() == null
                    ? held
                    : other(tracks, Subject.inspect(held.subject().asset())),
                event,
                learned));
  }

  private static Lease other(Tracks tracks, Subject subject) {
    List<Claim> claims =
        tracks
            .sound
            .work()
            .claim(ClaimRequest.about("other", List.of(subject), Duration.ofHours(1)));
    return claims.isEmpty() ? tracks.leases.get(subject) : claims.get(0).lease();
  }

  /** The work that a step settled is still shown. */
  static AssetLedger settledWorkStays(AssetLedger ledger) {
    Map<Subject, WorkRow> stale = new ConcurrentHashMap<>();
    WorkLedger sound = ledger.work();
    return new DelegatingLedger(ledger)
        .with(
            new DelegatingLedger.Work(sound) {
              @Override
              public Transition advance(Lease held, AssetEvent event, Facts learned) {
                List<WorkRow> before = ledger.operator().work(held.subject().asset());
                Transition transition = sound.advance(held, event, learned);
                if (transition.owes() == null) {
                  before.forEach(row -> stale.put(row.subject(), row));
                }
                return transition;
              }

              @Override
              public Published publish(Lease held, VariantContent content) {
                List<WorkRow> before = ledger.operator().work(held.subject().asset());
                Published published = sound.publish(held, content);
                if (published.outcome() == Outcome.PUBLISHED) {
                  before.forEach(row -> stale.put(row.subject(), row));
                }
                return published;
              }
            })
        .with(
            new DelegatingLedger.Operator(ledger.operator()) {
              @Override
              public List<WorkRow> work(AssetId asset) {
                List<WorkRow> rows = new ArrayList<>(sound.work(asset));
                for (WorkRow row : stale.values()) {
                  if (row.subject().asset().equals(asset)
                      && rows.stream().noneMatch(r -> r.subject().equals(row.subject()))) {
                    rows.add(row);
                  }
                }
                return rows;
              }
            });
  }

  private interface Publishing {
    Published publish(Tracks tracks, Lease held, VariantContent content);
  }

  private static AssetLedger publishing(AssetLedger ledger, Publishing broken) {
    Tracks tracks = new Tracks(ledger);
    return tracks.with(
        new DelegatingLedger.Work(tracks.work()) {
          @Override
          public Published publish(Lease held, VariantContent content) {
            return broken.publish(tracks, held, content);
          }
        });
  }

  private static Published publish(Tracks tracks, Lease held, VariantContent content) {
    return tracks.sound.work().publish(held, content);
  }

  private static VariantContent under(StorageKey key, VariantContent c) {
    return new VariantContent(key, c.blob(), c.type(), c.width(), c.height(), c.cost());
  }

  private static VariantContent underFreshKey(Tracks tracks, Lease held, VariantContent c) {
    Subject subject = held.subject();
    return under(
        tracks.freshKey(subject.asset(), Optional.ofNullable(subject.variant()).orElseThrow()), c);
  }

  static AssetLedger publishTakesStaleKey(AssetLedger ledger) {
    return publishing(
        ledger,
        (tracks, held, content) -> {
          Published published = publish(tracks, held, content);
          return published.outcome() == Outcome.STALE_KEY
              ? publish(tracks, held, underFreshKey(tracks, held, content))
              : published;
        });
  }

  static AssetLedger publishTakesForeignKey(AssetLedger ledger) {
    return publishing(
        ledger,
        (tracks, held, content) -> {
          try {
            return publish(tracks, held, content);
          } catch (IllegalArgumentException e) {
            return publish(tracks, held, underFreshKey(tracks, held, content));
          }
        });
  }

  static AssetLedger anyLeasePublishes(AssetLedger ledger) {
    return publishing(
        ledger,
        (tracks, held, content) -> {
          Lease lease =
              content
                  .key()
                  .parts()
                  .flatMap(StorageKey.Parts::variant)
                  .filter(variant -> held.subject().variant() == null)
                  .map(variant -> Subject.derive(held.subject().asset(), variant))
                  .map(subject -> other(tracks, subject))
                  .orElse(held);
          return publish(tracks, lease, content);
        });
  }

  /** Clears the object of whoever lost a lease, even if it was the lease's own. */
  static AssetLedger publishedTwiceIsGarbage(AssetLedger ledger) {
    return publishing(
        ledger,
        (tracks, held, content) -> {
          try {
            return publish(tracks, held, content);
          } catch (LeaseLostException e) {
            tracks.sound.collector().evict(List.of(content.key()));
            throw e;
          }
        });
  }

  static AssetLedger publishTellsNoTransition(AssetLedger ledger) {
    return publishing(
        ledger,
        (tracks, held, content) -> new Published(publish(tracks, held, content).outcome(), null));
  }

  static AssetLedger everyVariantIsTheFirst(AssetLedger ledger) {
    return publishing(
        ledger,
        (tracks, held, content) -> {
          Published published = publish(tracks, held, content);
          return new Published(
              published.outcome(),
              StateMachine.require(AssetState.METADATA_READY, AssetEvent.FIRST_VARIANT_PUBLISHED));
        });
  }

  static AssetLedger costIsRounded(AssetLedger ledger) {
    return publishing(
        ledger,
        (tracks, held, c) ->
            publish(
                tracks,
                held,
                new VariantContent(
                    c.key(),
                    c.blob(),
                    c.type(),
                    c.width(),
                    c.height(),
                    Duration.ofSeconds(c.cost().toSeconds()))));
  }
}
