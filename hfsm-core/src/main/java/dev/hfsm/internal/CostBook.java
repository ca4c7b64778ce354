package dev.hfsm.internal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.CostLedger;
import dev.hfsm.ledger.Costs;
import dev.hfsm.ledger.Spending;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.transform.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What variants cost, as far as this process knows: what the ledger said last of all nodes, and
 * what this one has spent since. Thread-safe.
 */
public final class CostBook {

  /** In which time what is spent counts. */
  public static final Duration WINDOW = Duration.ofHours(1);

  /** How old what the ledger said may be before it is asked again. */
  public static final Duration FRESH = Duration.ofSeconds(2);

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  private static final long MOST_STAGES = 1000;
  private static final Duration STAGES_KEPT = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(CostBook.class);

  private final InstantSource clock;
  private final ConcurrentMap<Scope, Spending> untold = new ConcurrentHashMap<>();
  private final ReentrantLock exchange = new ReentrantLock();
  private final Cache<StorageKey, Map<Stage, Duration>> stages =
      Caffeine.newBuilder().maximumSize(MOST_STAGES).expireAfterWrite(STAGES_KEPT).build();
  private volatile Map<Scope, Costs> told = Map.of();
  private volatile Instant askedAt = Instant.MIN;
  private volatile boolean asked;

  /**
   * @param clock what time it is in this process
   */
  public CostBook(InstantSource clock) {
    this.clock = clock;
  }

  /** Processors were used for variants of a scope, whatever came of it. */
  public void used(Scope scope, Duration cpu) {
    add(new Spending(scope, cpu, 0, 0));
  }

  /** A variant was made. */
  public void made(Scope scope, long bytes) {
    add(new Spending(scope, Duration.ZERO, 1, bytes));
  }

  /**
   * What the stages of making a variant took, as far as its transformer told. Kept for a minute,
   * for those who wait for it here.
   */
  public void took(StorageKey variant, Map<Stage, Duration> times) {
    if (!times.isEmpty()) {
      stages.put(variant, times);
    }
  }

  /** What the stages took of a variant that this process made a short while ago. */
  public Map<Stage, Duration> stages(StorageKey variant) {
    Map<Stage, Duration> known = stages.getIfPresent(variant);
    return known == null ? Map.of() : known;
  }

  private void add(Spending more) {
    untold.merge(more.scope(), more, CostBook::sum);
  }

  private static Spending sum(Spending a, Spending b) {
    return new Spending(
        a.scope(), a.cpu().plus(b.cpu()), a.variants() + b.variants(), a.bytes() + b.bytes());
  }

  /** Tells the ledger what was spent since it was told last. Never throws: it is a measure. */
  public void tell(CostLedger ledger) {
    exchange.lock();
    try {
      tellAll(ledger);
    } catch (RuntimeException | Error e) {
      LOG.warn("what variants have cost is told later: {}", e.toString());
    } finally {
      exchange.unlock();
    }
  }

  private void tellAll(CostLedger ledger) {
    List<Spending> spent = new ArrayList<>();
    for (Scope scope : untold.keySet()) {
      Spending one = untold.remove(scope);
      if (one != null) {
        spent.add(one);
      }
    }
    try {
      if (!spent.isEmpty()) {
        ledger.spend(spent);
        // Until the ledger is asked again, what it was told stands here.
        Map<Scope, Costs> now = new HashMap<>(told);
        spent.forEach(one -> now.merge(one.scope(), costs(one), CostBook::sum));
        told = Map.copyOf(now);
      }
    } catch (RuntimeException | Error e) {
      spent.forEach(this::add);
      throw e;
    }
  }

  private static Costs costs(Spending spent) {
    return new Costs(spent.scope(), spent.cpu(), spent.variants(), spent.bytes());
  }

  private static Costs sum(Costs a, Costs b) {
    return new Costs(
        a.scope(),
        a.cpu().plus(b.cpu()),
        a.variants() + b.variants(),
        a.storedBytes() + b.storedBytes());
  }

  /**
   * Asks the ledger if what it said is old; one thread at a time does, and others go on with what
   * is known, unless nothing is.
   *
   * @throws HfsmException if the ledger does not answer and never did
   */
  public void freshen(CostLedger ledger) {
    if (isFresh()) {
      return;
    }
    if (!enter()) {
      return;
    }
    try {
      if (!isFresh()) {
        ask(ledger);
      }
    } catch (HfsmException e) {
      if (!asked) {
        throw e;
      }
      askedAt = clock.instant();
      LOG.debug("what variants cost is known as of some time ago: {}", e.getMessage());
    } finally {
      exchange.unlock();
    }
  }

  /**
   * While nothing is known, all wait for whoever asks first, but not one after another for ever.
   */
  private boolean enter() {
    if (asked) {
      return exchange.tryLock();
    }
    try {
      if (exchange.tryLock(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
        return true;
      }
      throw new LedgerException("others wait for the ledger to say what variants cost", null, true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerException("interrupted while asking what variants cost", e, true);
    }
  }

  /** A clock that was set back makes nothing fresh. */
  private boolean isFresh() {
    Instant now = clock.instant();
    return asked && now.isBefore(askedAt.plus(FRESH)) && !now.isBefore(askedAt);
  }

  private void ask(CostLedger ledger) {
    tellAll(ledger);
    Map<Scope, Costs> now = new HashMap<>();
    ledger.costs(WINDOW).forEach(costs -> now.put(costs.scope(), costs));
    told = Map.copyOf(now);
    askedAt = clock.instant();
    asked = true;
  }

  /** The costs of a scope. */
  public Costs of(Scope scope) {
    Costs none = new Costs(scope, Duration.ZERO, 0, 0);
    Spending mine = untold.get(scope);
    Costs all = told.getOrDefault(scope, none);
    return mine == null ? all : sum(all, costs(mine));
  }

  /** The costs of all scopes together; the scope of the answer means nothing. */
  public Costs ofAll() {
    Costs all = new Costs(Scope.DEFAULT, Duration.ZERO, 0, 0);
    for (Costs one : told.values()) {
      all = sum(all, one);
    }
    for (Spending one : untold.values()) {
      all = sum(all, costs(one));
    }
    return all;
  }

  /** The scopes that have any costs. */
  public Collection<Scope> scopes() {
    return told.keySet();
  }
}
