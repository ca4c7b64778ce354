package dev.hfsm;

import static java.util.stream.Collectors.toSet;

import dev.hfsm.ReadyVariant.Made;
import dev.hfsm.VariantHandle.Among;
import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.RejectedMediaException;
import dev.hfsm.error.TransformationException;
import dev.hfsm.internal.Finder;
import dev.hfsm.internal.Lookups;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.Uses;
import dev.hfsm.internal.work.FoundVariant;
import dev.hfsm.internal.work.Signals;
import dev.hfsm.internal.work.WaitingRoom;
import dev.hfsm.internal.work.WaitingRoom.Place;
import dev.hfsm.internal.work.WaitingRoom.Until;
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

/** Finds variants, or has them made and waits for them. */
final class Derivation {

  /** Somebody is waiting for a requested variant; nobody waits for an inspection. */
  private static final int PRIORITY = 10;

  private final Settings settings;
  private final Finder finder;
  private final Lookups lookups;
  private final StandIns standIns;
  private final CostGuard guard;
  private final WaitingRoom room;
  private final Resolutions resolutions;
  private final Waiting waiting;
  private final Asking asking;
  private final Uses uses;

  Derivation(
      Settings settings,
      Finder finder,
      Lookups lookups,
      CostGuard guard,
      WaitingRoom room,
      Signals signals,
      Asking asking,
      Uses uses) {
    this.uses = uses;
    this.settings = settings;
    this.finder = finder;
    this.lookups = lookups;
    this.guard = guard;
    this.standIns = new StandIns(settings, finder, lookups, guard::presetTexts);
    this.room = room;
    this.resolutions = new Resolutions(settings.transformers(), PRIORITY);
    this.waiting = new Waiting(signals);
    this.asking = asking;
  }

  ReadyVariant await(AssetId id, Wanted wanted, Until until, Duration atMost) {
    // What is asked for most is at hand: nothing is to be waited for.
    return known(id, wanted)
        .map(row -> ready(FoundVariant.kept(row), Made.BEFORE, wanted, atMost))
        .orElseGet(() -> await(id, List.of(wanted), until, atMost).get(0));
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
  List<ReadyVariant> await(AssetId id, List<Wanted> wanted, Until until, Duration atMost) {
    long deadline = deadline(atMost);
    boolean waits = !atMost.isZero() && !atMost.isNegative();
    try (Place place = waits ? room.place() : room.aside()) {
      AssetRow asset = awaitDescribed(id, place, deadline);
      List<VariantRequest> requests =
          wanted.stream().map(one -> resolutions.of(asset, one)).toList();
      Map<VariantKey, VariantRow> known = known(requests, place, deadline);
      List<VariantRequest> missing =
          requests.stream().filter(one -> !isSettled(known.get(one.key()))).toList();
      Joined joined =
          missing.isEmpty() ? Joined.NOTHING : join(asset, missing, known, place, deadline);
      List<ReadyVariant> variants = new ArrayList<>();
      for (int i = 0; i < requests.size(); i++) {
        VariantRequest request = requests.get(i);
        VariantRow before = known.get(request.key());
        boolean there = isSettled(before);
        FoundVariant found =
            there
                ? FoundVariant.kept(Objects.requireNonNull(before))
                : awaitSettled(request, joined, until, place, deadline);
        requireMade(found.row());
        boolean was = there || !found.isKept() && joined.atHand().contains(request.key());
        Made made = was ? Made.BEFORE : Made.NOW;
        variants.add(ready(found, made, wanted.get(i), atMost));
      }
      return List.copyOf(variants);
    }
  }

  private ReadyVariant ready(FoundVariant found, Made made, Wanted wanted, Duration atMost) {
    VariantRow row = found.row();
    return new ReadyVariant(
        found,
        made,
        made == Made.NOW ? settings.costs().stages(content(row).key()) : Map.of(),
        settings.blobs(),
        () -> uses.count(row.asset(), row.key()),
        () ->
            found.isKept()
                ? remake(row, wanted, atMost)
                : await(row.asset(), wanted, Until.KEPT, atMost));
  }

  private static VariantContent content(VariantRow row) {
    return Objects.requireNonNull(row.content());
  }

  /** One that is there and can be shown in place of another, if there is any. */
  Optional<ReadyVariant> standIn(AssetId id, Wanted wanted, Among among) {
    return standIns
        .nearest(id, wanted, among)
        .map(FoundVariant::kept)
        .map(found -> ready(found, Made.INSTEAD, byAnyone(found.row()), Duration.ZERO));
  }

  private static Wanted byAnyone(VariantRow row) {
    return Wanted.byAnyone(Transformation.parse(row.transformation()));
  }

  /** The rows of those that were asked for before. */
  private Map<VariantKey, VariantRow> known(
      List<VariantRequest> requests, Place place, long deadline) {
    Map<VariantKey, VariantRow> known = new HashMap<>();
    for (VariantRequest request : requests) {
      AssetId id = request.asset();
      VariantKey key = request.key();
      waiting
          .patiently(Subject.derive(id, key), place, deadline, () -> lookups.variant(id, key))
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

  /**
   * What came of joining those who wait.
   *
   * @param asked the rows of what this caller has asked for
   * @param atHand what was made here before
   */
  private record Joined(Map<VariantKey, VariantRow> asked, Set<VariantKey> atHand) {
    static final Joined NOTHING = new Joined(Map.of(), Set.of());
  }

  /** Waits with others who do for what is missing, if it may be made. */
  private Joined join(
      AssetRow asset,
      List<VariantRequest> missing,
      Map<VariantKey, VariantRow> known,
      Place place,
      long deadline) {
    AssetPipeline.requireSound(asset);
    List<VariantRequest> unowed =
        missing.stream().filter(one -> !isOwed(known.get(one.key()))).toList();
    waiting.patiently(
        subject(missing.get(0)),
        place,
        deadline,
        () -> {
          guard.require(asset, unowed);
          return asset;
        });
    return join(missing, place, deadline);
  }

  /** Those that nobody has asked for yet are asked for. */
  private Joined join(List<VariantRequest> missing, Place place, long deadline) {
    Set<Subject> fresh = place.join(missing.stream().map(Derivation::subject).toList());
    Set<VariantKey> atHand =
        missing.stream()
            .filter(request -> place.wasAtHand(subject(request)))
            .map(VariantRequest::key)
            .collect(toSet());
    List<VariantRequest> unasked =
        missing.stream().filter(request -> fresh.contains(subject(request))).distinct().toList();
    Map<VariantKey, VariantRow> asked = new HashMap<>();
    if (!unasked.isEmpty()) {
      Supplier<List<VariantRow>> ask =
          () -> lookups.cold(() -> place.waits() ? asking.forNow(unasked) : asking.ahead(unasked));
      waiting
          .patiently(subject(unasked.get(0)), place, deadline, ask)
          .forEach(row -> asked.put(row.key(), row));
    }
    place.asked();
    return new Joined(asked, atHand);
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
    return waiting.await(
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

  private FoundVariant awaitSettled(
      VariantRequest request, Joined joined, Until until, Place place, long deadline) {
    VariantRow asked = joined.asked().get(request.key());
    FoundVariant found = await(request, asked, until, place, deadline);
    // What is remembered here is what this node may show: see Finder. A transformation may take
    // longer than that, and what was removed meanwhile is not to be shown.
    return found.isKept() || isShown(request.asset())
        ? found
        : await(request, null, Until.KEPT, place, deadline);
  }

  private boolean isShown(AssetId id) {
    return lookups.asset(id).filter(asset -> asset.state().isDescribed()).isPresent();
  }

  /**
   * @param asked what the ledger said when this caller asked for it, if it did
   */
  private FoundVariant await(
      VariantRequest request, @Nullable VariantRow asked, Until until, Place place, long deadline) {
    Subject subject = subject(request);
    Look look = new Look(request, asked, until, place, deadline);
    Supplier<FoundVariant> wait =
        () ->
            waiting.await(
                subject, place, deadline, look, f -> f.row().state() != VariantState.REQUESTED);
    try {
      return place.await(subject, deadline, until, wait);
    } catch (InterruptedException e) {
      throw Waiting.interrupted(subject, e);
    }
  }

  /** Looks for a variant that is waited for. For one thread. */
  private final class Look implements Supplier<FoundVariant> {
    private final VariantRequest request;
    private final Until until;
    private final Place place;
    private final long deadline;
    private @Nullable VariantRow asked;

    Look(
        VariantRequest request,
        @Nullable VariantRow asked,
        Until until,
        Place place,
        long deadline) {
      this.request = request;
      this.asked = asked;
      this.until = until;
      this.place = place;
      this.deadline = deadline;
    }

    @Override
    public FoundVariant get() {
      Subject subject = subject(request);
      if (until == Until.MADE) {
        Optional<FoundVariant> made = place.made(subject);
        if (made.isPresent()) {
          return made.get();
        }
      }
      VariantRow begun = asked;
      asked = null;
      // Once: whoever waits already is woken when it ends, and it is lost if this node is wrong.
      return begun != null && asking.isUnderWay(subject)
          ? FoundVariant.kept(begun)
          : FoundVariant.kept(row());
    }

    /** A variant can be evicted while it is waited for; if its asset is gone, asking says so. */
    private VariantRow row() {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      return lookups.cold(
          left.plus(Waiting.ASK_AGAIN),
          () ->
              finder
                  .variant(request.asset(), request.key())
                  .orElseGet(() -> asking.ahead(List.of(request)).get(0)));
    }
  }

  private void requireMade(VariantRow row) {
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
    return await(stale.asset(), wanted, Until.KEPT, atMost);
  }
}
