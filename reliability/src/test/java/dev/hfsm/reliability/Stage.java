package dev.hfsm.reliability;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Maintenance;
import dev.hfsm.Upload;
import dev.hfsm.custody.CollectOptions;
import dev.hfsm.custody.Mode;
import dev.hfsm.custody.SweepOptions;
import dev.hfsm.custody.SweepOptions.Allowance;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import dev.hfsm.model.TransformerId;
import dev.hfsm.model.VariantKey;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.random.RandomGenerator;

/** One world with actors on it, all about the same bytes; each stands in for a node of its own. */
final class Stage implements Explorer.Play {

  static final Duration GRACE = Duration.ofHours(1);
  private static final byte[] BYTES = Toys.toy("the same");
  private static final AssetId ASSET = AssetId.of(Digest.ofContent(BYTES));
  private static final String RECIPE = "loud";
  private static final TransformerId TOY = new TransformerId("toy", 1);
  private static final VariantKey VARIANT = VariantKey.of(ASSET.digest(), RECIPE, TOY);
  private static final Duration FIRST_HALF = Stamp.SWEEP_WINDOW.dividedBy(2).plusSeconds(1);

  private final World world;
  private final Schedule schedule = new Schedule();
  private final AssetLedger ledger;
  private final BlobStore blobs;
  private final RandomGenerator random;
  private final Map<String, AssetId> claims = new HashMap<>();
  private final Map<Subject, Integer> published = new HashMap<>();

  /**
   * @param breaking makes, of the actors' ledger and of the same past every gate, one that keeps a
   *     law less, or gives the first back as it is
   */
  Stage(Path spool, RandomGenerator random, BinaryOperator<AssetLedger> breaking) {
    this.world = new World(spool);
    this.random = random;
    this.ledger = breaking.apply(Contracts.over(world.ledger, schedule::gate), world.ledger);
    this.blobs = Contracts.over(world.blobs, schedule::gate);
    String id = world.ledger.custody().ledgerId();
    byte[] note = id.getBytes(StandardCharsets.UTF_8);
    // The store says whose it is, so that a sweep does not end with a refusal.
    world.blobs.put(
        new StorageKey("hfsm/store-id/" + id + "-" + new Stamp(world.clock.instant(), 0)),
        new BlobRef(Digest.ofContent(note), note.length),
        ByteSource.of(note));
  }

  Stage(Path spool) {
    this(spool, new Random(1), (gated, ungated) -> gated);
  }

  // What is there before the play begins.

  /** The asset is there, described, and claimed as {@code old}. */
  Stage kept() {
    StorageKey key = StorageKey.raw(ASSET, Stamp.of(world.clock.instant(), random));
    world.blobs.put(key, new BlobRef(ASSET.digest(), BYTES.length), ByteSource.of(BYTES));
    world
        .ledger
        .intake()
        .admit(new Admission(ASSET, BYTES.length, key, ReferenceName.of("old"), Facts.NONE));
    claims.put("old", ASSET);
    workAll();
    return this;
  }

  /** The asset is there, and nobody claims it any more. */
  Stage released() {
    kept();
    claims.remove("old");
    world.ledger.intake().release(Scope.DEFAULT, ReferenceName.of("old"));
    return this;
  }

  /** The asset is there, and its inspection was given up. */
  Stage failed() {
    StorageKey key = StorageKey.raw(ASSET, Stamp.of(world.clock.instant(), random));
    world.blobs.put(key, new BlobRef(ASSET.digest(), BYTES.length), ByteSource.of(BYTES));
    world
        .ledger
        .intake()
        .admit(new Admission(ASSET, BYTES.length, key, ReferenceName.of("old"), Facts.NONE));
    claims.put("old", ASSET);
    Claim claim =
        world
            .ledger
            .work()
            .claim(ClaimRequest.about("setup", List.of(Subject.inspect(ASSET)), Lifetime.LEASE))
            .get(0);
    world
        .ledger
        .work()
        .bury(claim.lease(), new Failure("test", "given up", false, world.clock.instant()));
    return this;
  }

  /** A note says that the asset's bytes are damaged. */
  Stage damaged() {
    kept();
    StorageKey key = world.ledger.reader().asset(ASSET).orElseThrow().key();
    Failure damage = new Failure("test", "damaged", false, world.clock.instant());
    world.ledger.custody().markDamaged(ASSET, key, damage);
    return this;
  }

  /** Somebody waits for a variant. */
  Stage wanted() {
    world.ledger.intake().requestVariant(new VariantRequest(ASSET, VARIANT, RECIPE, TOY, 0));
    return this;
  }

  /** Time went by before the play begins. */
  Stage later(Duration by) {
    world.clock.move(by);
    return this;
  }

  // Who is on.

  private AssetPipeline node(AssetLedger seenLedger, BlobStore seenBlobs) {
    return AssetPipeline.builder()
        .ledger(seenLedger)
        .blobs(seenBlobs)
        .clock(world.clock)
        .random(random)
        .spool(Path.of("unused"))
        .build();
  }

  Stage ingest(String name) {
    AssetPipeline node = node(ledger, blobs);
    schedule.actor(
        "ingest " + name,
        () -> {
          node.ingest(Upload.of(BYTES).as(name));
          claims.put(name, ASSET);
        });
    return this;
  }

  /** Ingests as nobody should: the row first, and then its bytes. */
  Stage ingestRowFirst(String name) {
    schedule.actor(
        "ingest row first " + name,
        () -> {
          Stamp stamp = Stamp.of(ledger.intake().find(ASSET).now(), random);
          StorageKey key = StorageKey.raw(ASSET, stamp);
          ledger
              .intake()
              .admit(new Admission(ASSET, BYTES.length, key, ReferenceName.of(name), Facts.NONE));
          blobs.put(key, new BlobRef(ASSET.digest(), BYTES.length), ByteSource.of(BYTES));
        });
    return this;
  }

  Stage release(String name) {
    schedule.actor(
        "release " + name,
        () -> {
          claims.remove(name);
          ledger.intake().release(Scope.DEFAULT, ReferenceName.of(name));
        });
    return this;
  }

  Stage collect(Duration grace) {
    Maintenance maintenance = node(ledger, blobs).maintenance();
    CollectOptions options = new CollectOptions(grace, Mode.REAL);
    schedule.actor("collect", () -> maintenance.collect(options, asset -> {}));
    return this;
  }

  /** Collects as nobody should, in one way or another. */
  Stage collectWrongly(BrokenClearing.Way way) {
    schedule.actor("collect, " + way, () -> new BrokenClearing(ledger, blobs).collect(way, GRACE));
    return this;
  }

  Stage sweep() {
    Maintenance maintenance = node(ledger, blobs).maintenance();
    SweepOptions options = new SweepOptions(Mode.REAL, Allowance.BOUNDED);
    schedule.actor("sweep", () -> maintenance.sweep(options, key -> {}));
    return this;
  }

  /** Sweeps what is young as well. */
  Stage sweepWithoutWindow() {
    schedule.actor("sweep all", () -> new BrokenClearing(ledger, blobs).sweepWithoutWindow());
    return this;
  }

  Stage work(String name) {
    Worker worker = new Worker(name, ledger, blobs, random, this::notePublished);
    schedule.actor(name, worker::once);
    return this;
  }

  Stage reap() {
    schedule.actor("reap", () -> ledger.work().reap(10, 8));
    return this;
  }

  /** Time passes: a lease, the grace, half the window, the rest of it and more. */
  Stage time(Duration... steps) {
    schedule.actor(
        "time",
        () -> {
          for (Duration step : steps) {
            schedule.stop(step + " pass");
            world.clock.move(step);
          }
        });
    return this;
  }

  Stage leasePasses() {
    return time(Lifetime.LEASE.plusSeconds(1));
  }

  Stage everyWindowPasses() {
    return time(GRACE.plusSeconds(1), FIRST_HALF, Stamp.SWEEP_WINDOW);
  }

  private void notePublished(Subject subject) {
    published.merge(subject, 1, Integer::sum);
  }

  // What is seen.

  @Override
  public Schedule schedule() {
    return schedule;
  }

  @Override
  public List<String> wrongNow() {
    return world.truth.wrongNow();
  }

  @Override
  public List<String> wrongInTheEnd() {
    List<String> wrong = new ArrayList<>(world.truth.wrongAbout(claims));
    published.forEach(
        (subject, times) -> {
          if (times > 1) {
            wrong.add("took effect " + times + " times: " + subject);
          }
        });
    world.clock.move(Lifetime.LEASE.plusSeconds(1));
    world.ledger.work().reap(100, 8);
    workAll();
    Clearing clearing = new Clearing(world.ledger, world.blobs);
    clearing.collect(GRACE);
    world.clock.move(Stamp.SWEEP_WINDOW.plusHours(1));
    clearing.collect(GRACE);
    clearing.sweep();
    wrong.addAll(world.truth.wrongInTheEnd());
    wrong.addAll(world.truth.wrongAbout(claims));
    return wrong;
  }

  private void workAll() {
    Worker healthy = new Worker("healthy", world.ledger, world.blobs, new Random(2), subject -> {});
    try {
      for (int i = 0; i < 20 && healthy.once(); i++) {
        // until nothing is due
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
