package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.Requested;
import dev.hfsm.ledger.Retention;
import dev.hfsm.ledger.Settlement;
import dev.hfsm.ledger.VariantContent;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.VariantState;
import dev.hfsm.ledger.VariantUse;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.ledger.WorkLedger;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.AssetState;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Failure;
import dev.hfsm.model.HoldReason;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.model.Subject;
import dev.hfsm.model.VariantKey;
import dev.hfsm.model.WorkKind;
import dev.hfsm.storage.StorageKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Everything at once on very few assets and names, through two ledgers: whatever happens, no call
 * fails with a deadlock, and what stands in the ledger afterwards agrees with itself.
 */
class ConcurrencyTest {

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final int THREADS = 6;
  private static final int STEPS = 150;
  private static final Failure FAILURE = new Failure("test", "on purpose", true, Instant.EPOCH);
  private static final List<String> CONTENTS = List.of("a", "b", "c");
  private static final List<String> NAMES = List.of("x", "y", "z");
  private static final List<String> TRANSFORMATIONS = List.of("s", "t");

  @ParameterizedTest
  @EnumSource
  void leavesALedgerThatAgreesWithItself(TestDatabase.Kind kind) throws Exception {
    long seed = new Random().nextLong();
    System.out.println("ConcurrencyTest " + kind + " seed " + seed);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (TestDatabase database = kind.open();
        HikariDataSource secondPool = database.anotherPool()) {
      Watched watched = new Watched(database.pool());
      JdbcLedger first = JdbcLedger.create(watched.dataSource());
      JdbcLedger second = JdbcLedger.create(secondPool);
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        AssetLedger ledger = i % 2 == 0 ? first : second;
        Random random = new Random(seed + i);
        String worker = "worker-" + i;
        done.add(threads.submit(() -> act(ledger, random, worker)));
      }
      for (Future<?> one : done) {
        one.get(30, TimeUnit.MINUTES);
      }
      // Admissions in company give up on who is in the way for long, and are run alone then.
      assertThat(watched.failures)
          .as("deadlocks and the like, hidden by running again")
          .allMatch(LOCK_NOT_AVAILABLE::equals);
      check(database, first);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void act(AssetLedger ledger, Random random, String worker) {
    for (int i = 0; i < STEPS; i++) {
      try {
        step(ledger, random, worker);
      } catch (LeaseLostException | AssetGoneException expected) {
        // others collect and reap
      }
    }
  }

  private static void step(AssetLedger ledger, Random random, String worker) {
    String content = pick(random, CONTENTS);
    String name = pick(random, NAMES);
    AssetId asset = Samples.asset(content);
    switch (random.nextInt(19)) {
      case 0, 1 -> Samples.admit(ledger, content, name);
      case 2 ->
          ledger
              .intake()
              .retain(new Retention(asset, ReferenceName.of(name), Retention.Cause.CLAIM));
      case 3 -> ledger.intake().release(Scope.DEFAULT, ReferenceName.of(name));
      case 4 -> ledger.collector().collect(Duration.ZERO, 2);
      case 5 ->
          ledger.intake().requestVariant(Samples.request(asset, pick(random, TRANSFORMATIONS)));
      case 6 -> ledger.work().reap(10, 2);
      case 7 -> ledger.collector().evict(keysOf(ledger, asset));
      case 8 -> ledger.intake().used(usesOf(ledger, random));
      case 9 -> custody(ledger, random, asset);
      case 10 -> ledger.intake().release(asset, ReferenceName.of(name));
      case 11 -> shownUpload(ledger, random, asset, name);
      case 12, 13 -> begin(ledger, random, worker, asset);
      default -> work(ledger, random, worker);
    }
  }

  /** Moves a name and changes the visibility in one transaction. */
  private static void shownUpload(AssetLedger ledger, Random random, AssetId asset, String name) {
    Admission a = Samples.admission(asset, name, ledger.intake().find(asset).now());
    Visibility said = pick(random, List.of(Visibility.values()));
    ledger
        .intake()
        .admit(new Admission(a.asset(), a.size(), a.key(), a.reference(), a.facts(), said));
  }

  private static void custody(AssetLedger ledger, Random random, AssetId asset) {
    switch (random.nextInt(6)) {
      case 5 -> ledger.custody().show(asset, pick(random, List.of(Visibility.values())));
      case 0 -> ledger.custody().purge(asset);
      case 1 -> ledger.custody().hold(asset, new HoldReason("on purpose"));
      case 2 -> ledger.custody().unhold(asset);
      case 3 ->
          ledger
              .reader()
              .asset(asset)
              .ifPresent(row -> ledger.custody().markDamaged(asset, row.key(), FAILURE));
      default ->
          ledger
              .reader()
              .asset(asset)
              .ifPresent(row -> ledger.custody().markSound(asset, row.key()));
    }
  }

  private static List<StorageKey> keysOf(AssetLedger ledger, AssetId asset) {
    return ledger.reader().variants(asset).stream()
        .flatMap(row -> Optional.ofNullable(row.content()).stream())
        .map(VariantContent::key)
        .toList();
  }

  /** In no order that anybody else would take. */
  private static List<VariantUse> usesOf(AssetLedger ledger, Random random) {
    List<VariantUse> uses = new ArrayList<>();
    for (String content : CONTENTS) {
      AssetId asset = Samples.asset(content);
      ledger.reader().variants(asset).forEach(v -> uses.add(new VariantUse(asset, v.key(), 2)));
    }
    Collections.shuffle(uses, random);
    return uses;
  }

  private static void work(AssetLedger ledger, Random random, String worker) {
    // Half of the leases run out at once, for the reaping.
    Duration lease = random.nextBoolean() ? Duration.ofMillis(1) : Samples.LEASE;
    List<Claim> claims =
        ledger.work().claim(ClaimRequest.due(worker, EnumSet.allOf(WorkKind.class), 4, lease));
    if (random.nextBoolean()) {
      ledger.work().settle(claims.stream().map(ConcurrencyTest::settlement).toList());
      return;
    }
    for (Claim claim : claims) {
      try {
        finish(ledger, random, claim);
      } catch (LeaseLostException expected) {
        // the others of the batch may still be held
      }
    }
  }

  /** Asks for one variant or for all, and makes what was granted, most of the time. */
  private static void begin(AssetLedger ledger, Random random, String worker, AssetId asset) {
    List<String> wanted =
        random.nextBoolean() ? TRANSFORMATIONS : List.of(pick(random, TRANSFORMATIONS));
    List<Requested> answers =
        ledger
            .work()
            .requestAndClaim(
                wanted.stream().map(t -> Samples.request(asset, t)).toList(),
                worker,
                Samples.LEASE);
    for (Requested answer : answers) {
      Claim claim = answer.claim();
      if (claim != null) {
        finish(ledger, random, claim);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofAllWhoAskAtOnceForAVariantOneIsGrantedIt(TestDatabase.Kind kind) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (TestDatabase database = kind.open();
        HikariDataSource secondPool = database.anotherPool()) {
      JdbcLedger first = JdbcLedger.create(database.pool());
      JdbcLedger second = JdbcLedger.create(secondPool);
      AssetId asset = Samples.asset("a");
      Samples.admit(first, "a", "name");
      for (int round = 0; round < 20; round++) {
        VariantRequest wanted = Samples.request(asset, "w=" + round);
        CyclicBarrier together = new CyclicBarrier(THREADS);
        List<Future<List<Requested>>> asked = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          WorkLedger ledger = (i % 2 == 0 ? first : second).work();
          String worker = "worker-" + i;
          asked.add(
              threads.submit(
                  () -> {
                    together.await();
                    return ledger.requestAndClaim(List.of(wanted), worker, Samples.LEASE);
                  }));
        }
        List<Requested> answers = new ArrayList<>();
        for (Future<List<Requested>> one : asked) {
          answers.addAll(one.get(30, TimeUnit.MINUTES));
        }
        assertThat(answers)
            .hasSize(THREADS)
            .allMatch(answer -> answer.row().state() == VariantState.REQUESTED)
            .filteredOn(answer -> answer.claim() != null)
            .hasSize(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Settlement settlement(Claim claim) {
    Subject subject = claim.lease().subject();
    if (subject.variant() != null) {
      return new Settlement.Rendered(
          claim.lease(), Samples.content(subject.asset(), subject.variant(), claim.now()));
    }
    return new Settlement.Step(
        claim.lease(),
        claim.asset().state() == AssetState.INGESTED
            ? AssetEvent.FINGERPRINTED
            : AssetEvent.DESCRIBED,
        Facts.NONE);
  }

  private static void finish(AssetLedger ledger, Random random, Claim claim) {
    Subject subject = claim.lease().subject();
    VariantKey variant = subject.variant();
    switch (random.nextInt(6)) {
      case 0 -> ledger.work().bury(claim.lease(), FAILURE);
      case 1 -> ledger.work().retry(claim.lease(), FAILURE, Duration.ZERO);
      case 2 -> ledger.work().release(claim.lease());
      default -> {
        if (variant != null) {
          ledger
              .work()
              .publish(claim.lease(), Samples.content(subject.asset(), variant, claim.now()));
        } else if (claim.asset().state() == AssetState.INGESTED) {
          ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, Facts.NONE);
          ledger.work().advance(claim.lease(), AssetEvent.DESCRIBED, Facts.NONE);
        } else {
          ledger.work().advance(claim.lease(), AssetEvent.DESCRIBED, Facts.NONE);
        }
      }
    }
  }

  private static void check(TestDatabase database, AssetLedger ledger) {
    List<StorageKey> named = new ArrayList<>();
    for (String content : CONTENTS) {
      AssetId asset = Samples.asset(content);
      boolean exists = ledger.reader().asset(asset).isPresent();
      assertThat(ledger.reader().references(asset))
          .as("a reference keeps its asset")
          .allSatisfy(reference -> assertThat(exists).isTrue());
      if (!exists) {
        assertThat(ledger.operator().work(asset)).as("work of the gone").isEmpty();
        assertThat(ledger.reader().variants(asset)).as("variants of the gone").isEmpty();
        continue;
      }
      checkWork(ledger, asset);
      named.add(ledger.reader().asset(asset).orElseThrow().key());
    }
    assertThat(ledger.collector().garbage(100_000))
        .noneMatch(garbage -> named.contains(garbage.key()));
    assertThat(database.query("SELECT count(*) FROM hfsm_work GROUP BY fence HAVING fence > 0"))
        .as("work under each fence")
        .allMatch("1"::equals);
    checkGraces(database, ledger);
  }

  private static void checkWork(AssetLedger ledger, AssetId asset) {
    AssetState state = ledger.reader().asset(asset).orElseThrow().state();
    List<Subject> alive =
        ledger.operator().work(asset).stream()
            .filter(w -> !w.dead())
            .map(w -> w.subject())
            .toList();
    assertThat(alive.contains(Subject.inspect(asset)))
        .as("inspection owed in " + state)
        .isEqualTo(state.isBeingInspected());
    for (VariantRow variant : ledger.reader().variants(asset)) {
      assertThat(alive.contains(Subject.derive(asset, variant.key())))
          .as("variant owed in " + variant.state())
          .isEqualTo(variant.state() == VariantState.REQUESTED);
    }
  }

  /**
   * Nothing that is unclaimed was forgotten: releasing what is left makes everything collectable.
   */
  private static void checkGraces(TestDatabase database, AssetLedger ledger) {
    for (String content : CONTENTS) {
      ledger.custody().unhold(Samples.asset(content));
      for (Reference reference : ledger.reader().references(Samples.asset(content))) {
        ledger.intake().release(Scope.DEFAULT, reference.name());
      }
    }
    ledger.collector().collect(Duration.ZERO, 100);
    assertThat(database.query("SELECT digest FROM hfsm_asset")).as("never collectable").isEmpty();
    assertThat(database.query("SELECT digest FROM hfsm_released")).isEmpty();
  }

  private static <T> T pick(Random random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
