package dev.hfsm;

import dev.hfsm.ReadyVariant.Made;
import dev.hfsm.VariantHandle.Among;
import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.internal.Finder;
import dev.hfsm.internal.Lookups;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.Uses;
import dev.hfsm.internal.work.Announcer;
import dev.hfsm.internal.work.Signals;
import dev.hfsm.internal.work.WaitingRoom;
import dev.hfsm.internal.work.WaitingRoom.Place;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Failure;
import dev.hfsm.model.Subject;
import dev.hfsm.model.VariantKey;
import dev.hfsm.queue.Hint;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.transform.Transformation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds variants, or has them made and waits for them. */
final class Derivation {

  /** Somebody is waiting for a requested variant; nobody waits for an inspection. */
  private static final int PRIORITY = 10;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration ASK_AGAIN = Duration.ofMillis(200);
  private static final Logger LOG = LoggerFactory.getLogger(Derivation.class);

  private final Settings settings;
  private final Finder finder;
  private final Lookups lookups;
  private final StandIns standIns;
  private final CostGuard guard;
  private final WaitingRoom room;
  private final Resolutions resolutions;
  private final Signals signals;
  private final Announcer announcer;
  private final Uses uses;

  Derivation(
      Settings settings,
      Finder finder,
      Lookups lookups,
      CostGuard guard,
      WaitingRoom room,
      Signals signals,
      Announcer announcer,
      Uses uses) {
    this.uses = uses;
    this.settings = settings;
    this.finder = finder;
    this.lookups = lookups;
    this.guard = guard;
    this.standIns = new StandIns(settings, finder, lookups, guard::presetTexts);
    this.room = room;
    this.resolutions = new Resolutions(settings.transformers(), PRIORITY);
    this.signals = signals;
    this.announcer = announcer;
  }

  ReadyVariant await(AssetId id, Wanted wanted, Duration atMost) {
    // What is asked for most is at hand: nothing is to be waited for.
    return known(id, wanted)
        .map(row -> ready(row, Made.BEFORE, wanted, atMost))
        .orElseGet(() -> await(id, List.of(wanted), atMost).get(0));
  }

  /** The row of a variant that is ready, if it and that of its asset are in the cache. */
  private Optional<VariantRow> known(AssetId id, Wanted wanted) {
    return finder
        .knownAsset(id)
        .filter(asset -> asset.state().isDescribed())
        .flatMap(asset -> finder.knownVariant(id, resolutions.of(asset, wanted).key()))
        .filter(row -> row.state() == VariantState.READY);
  }

  /**
   * Asks for all before it says that any is owed, so that whoever takes the first sees them all.
   */
  List<ReadyVariant> await(AssetId id, List<Wanted> wanted, Duration atMost) {
    long deadline = deadline(atMost);
    boolean waits = !atMost.isZero() && !atMost.isNegative();
    try (Place place = waits ? room.place() : room.aside()) {
      AssetRow asset = awaitDescribed(id, place, deadline);
      List<VariantRequest> requests =
          wanted.stream().map(one -> resolutions.of(asset, one)).toList();
      Map<VariantKey, VariantRow> known = known(requests, place, deadline);
      List<VariantRequest> missing =
          requests.stream().filter(one -> !isSettled(known.get(one.key()))).toList();
      if (!missing.isEmpty()) {
        AssetPipeline.requireSound(asset);
        List<VariantRequest> unowed =
            missing.stream().filter(one -> !isOwed(known.get(one.key()))).toList();
        patiently(
            subject(missing.get(0)),
            place,
            deadline,
            () -> {
              guard.require(asset, unowed);
              return asset;
            });
        join(missing, place, deadline);
      }
      List<ReadyVariant> variants = new ArrayList<>();
      for (int i = 0; i < requests.size(); i++) {
        VariantRequest request = requests.get(i);
        VariantRow before = known.get(request.key());
        boolean there = isSettled(before);
        VariantRow row =
            there ? Objects.requireNonNull(before) : awaitSettled(request, place, deadline);
        variants.add(ready(made(row), there ? Made.BEFORE : Made.NOW, wanted.get(i), atMost));
      }
      return List.copyOf(variants);
    }
  }

  private ReadyVariant ready(VariantRow row, Made made, Wanted wanted, Duration atMost) {
    return new ReadyVariant(
        row,
        made,
        made == Made.NOW ? settings.costs().stages(content(row).key()) : Map.of(),
        settings.blobs(),
        () -> uses.count(row.asset(), row.key()),
        () -> remake(row, wanted, atMost));
  }

  private static VariantContent content(VariantRow row) {
    return Objects.requireNonNull(row.content());
  }

  /** One that is there and can be shown in place of another, if there is any. */
  Optional<ReadyVariant> standIn(AssetId id, Wanted wanted, Among among) {
    return standIns
        .nearest(id, wanted, among)
        .map(row -> ready(row, Made.INSTEAD, Wanted.byAnyone(recipe(row)), Duration.ZERO));
  }

  private static Transformation recipe(VariantRow row) {
    return Transformation.parse(row.transformation());
  }

  /** The rows of those that were asked for before. */
  private Map<VariantKey, VariantRow> known(
      List<VariantRequest> requests, Place place, long deadline) {
    Map<VariantKey, VariantRow> known = new HashMap<>();
    for (VariantRequest request : requests) {
      AssetId id = request.asset();
      VariantKey key = request.key();
      patiently(Subject.derive(id, key), place, deadline, () -> lookups.variant(id, key))
          .ifPresent(row -> known.put(key, row));
    }
    return known;
  }

  /** There, or known not to come: a failure is remembered for a while. */
  private boolean isSettled(@Nullable VariantRow row) {
    if (row == null) {
      return false;
    }
    Instant again = row.retryAfter();
    return row.state() == VariantState.READY
        || again != null && settings.clock().instant().isBefore(again);
  }

  private static boolean isOwed(@Nullable VariantRow row) {
    return row != null && row.state() == VariantState.REQUESTED;
  }

  /** Waits for variants with others who do; those that nobody has asked for yet are asked for. */
  private void join(List<VariantRequest> missing, Place place, long deadline) {
    Set<Subject> fresh = place.join(missing.stream().map(Derivation::subject).toList());
    List<VariantRequest> unasked =
        missing.stream().filter(request -> fresh.contains(subject(request))).distinct().toList();
    if (!unasked.isEmpty()) {
      Supplier<List<VariantRow>> ask = () -> lookups.cold(() -> ask(unasked));
      patiently(subject(unasked.get(0)), place, deadline, ask);
    }
    place.asked();
  }

  private static Subject subject(VariantRequest request) {
    return Subject.derive(request.asset(), request.key());
  }

  /** Saturating: waiting "for ever" is allowed. */
  private static long deadline(Duration atMost) {
    return System.nanoTime() + TimeUnit.NANOSECONDS.convert(atMost);
  }

  /** The row of an asset once it is no longer being inspected. */
  AssetRow awaitInspected(AssetId id, Duration atMost) {
    try (Place place = room.aside()) {
      return awaitInspected(id, place, deadline(atMost));
    }
  }

  private AssetRow awaitInspected(AssetId id, Place place, long deadline) {
    Supplier<AssetRow> look =
        () -> lookups.asset(id).orElseThrow(() -> new AssetGoneException(id.toString()));
    return await(
        Subject.inspect(id), place, deadline, look, row -> !row.state().isBeingInspected());
  }

  private AssetRow awaitDescribed(AssetId id, Place place, long deadline) {
    AssetRow asset = awaitInspected(id, place, deadline);
    if (asset.state() == AssetState.REJECTED) {
      throw new RejectedMediaException(
          id
              + " was rejected: "
              + asset.facts().get(Fact.REJECTION).orElse("no reason was recorded"));
    }
    if (asset.state() == AssetState.FAILED) {
      throw new TransformationException(
          id + " could not be inspected; redrive it first", null, false);
    }
    return asset;
  }

  private VariantRow awaitSettled(VariantRequest request, Place place, long deadline) {
    Subject subject = subject(request);
    // A variant can be evicted while it is waited for; if its asset is gone too, asking says so.
    Supplier<VariantRow> look =
        () -> {
          Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
          return lookups.cold(
              left.plus(ASK_AGAIN),
              () ->
                  finder
                      .variant(request.asset(), request.key())
                      .orElseGet(() -> ask(List.of(request)).get(0)));
        };
    Supplier<VariantRow> wait =
        () -> await(subject, place, deadline, look, r -> r.state() != VariantState.REQUESTED);
    try {
      return place.await(subject, deadline, wait);
    } catch (InterruptedException e) {
      throw interrupted(subject, e);
    }
  }

  private VariantRow made(VariantRow row) {
    Failure failure = row.failure();
    if (failure != null) {
      Instant again = Objects.requireNonNull(row.retryAfter());
      Duration left = Duration.between(settings.clock().instant(), again);
      throw new TransformationException(
          "cannot make " + row.transformation() + " of " + row.asset() + ": " + failure.message(),
          failure.code(),
          left.isNegative() ? Duration.ZERO : left,
          failure.retryable());
    }
    return row;
  }

  private List<VariantRow> ask(List<VariantRequest> requests) {
    List<VariantRow> rows = new ArrayList<>();
    List<Hint> owed = new ArrayList<>();
    for (VariantRequest request : requests) {
      VariantRow row = settings.ledger().intake().requestVariant(request);
      rows.add(row);
      if (row.state() == VariantState.REQUESTED) {
        Subject subject = Subject.derive(request.asset(), request.key());
        owed.add(new Hint(subject, settings.clock().instant(), request.priority()));
      }
    }
    if (!owed.isEmpty()) {
      announcer.announce(owed);
    }
    return rows;
  }

  /**
   * The bytes of a ready variant are gone: read its row once more, and have it made again if need
   * be.
   */
  private ReadyVariant remake(VariantRow stale, Wanted wanted, Duration atMost) {
    finder.forget(stale.asset());
    finder.forget(stale.asset(), stale.key());
    StorageKey missing = content(stale).key();
    settings
        .ledger()
        .reader()
        .variant(stale.asset(), stale.key())
        .filter(now -> now.content() != null && now.content().key().equals(missing))
        .ifPresent(now -> settings.ledger().collector().evict(Set.of(missing)));
    return await(stale.asset(), wanted, atMost);
  }

  @FunctionalInterface
  private interface Condition<T> {
    boolean holds(T row);
  }

  /**
   * Asks the ledger until it answers: whoever waits for a variant can as well wait for a
   * connection. What is asked here may be asked twice.
   *
   * @throws LedgerException the last one, if there is no answer in time, or if a retry cannot help
   */
  private <T> T patiently(Subject subject, Place place, long deadline, Supplier<T> question) {
    while (true) {
      try {
        return question.get();
      } catch (LedgerException e) {
        long left = deadline - System.nanoTime();
        if (!e.retryable() || left <= 0) {
          throw e;
        }
        place.take();
        LOG.debug("asking again about {}: {}", subject, e.toString());
        pause(subject, Math.min(left, ASK_AGAIN.toNanos()));
      }
    }
  }

  private void pause(Subject subject, long nanos) {
    try (Signals.Waiter waiter = signals.listen(subject)) {
      waiter.await(Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      throw interrupted(subject, e);
    }
  }

  private static LedgerException interrupted(Subject subject, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new LedgerException("interrupted while waiting for " + subject, e, true);
  }

  /**
   * Looks until the condition holds. Work that ends is signalled, that of other processes as far as
   * they are heard; what was not heard of is noticed by looking again.
   */
  private <T> T await(
      Subject subject, Place place, long deadline, Supplier<T> look, Condition<T> done) {
    while (true) {
      try (Signals.Waiter waiter = signals.listen(subject)) {
        T row = patiently(subject, place, deadline, look);
        if (done.holds(row)) {
          return row;
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new VariantPendingException(subject.toString(), RETRY_AFTER);
        }
        place.take();
        waiter.await(Duration.ofNanos(Math.min(left, signals.lookAgain().toNanos())));
      } catch (InterruptedException e) {
        throw interrupted(subject, e);
      }
    }
  }
}
