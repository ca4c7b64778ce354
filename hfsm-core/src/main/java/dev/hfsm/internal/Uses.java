package dev.hfsm.internal;

import dev.hfsm.error.HfsmException;
import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.ledger.VariantUse;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Subject;
import dev.hfsm.model.VariantKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts in this process how often variants were used, until it is told to the ledger now and then.
 * A measure of worth, not an account: what is counted while it is told, or beyond the bound, or
 * before a crash, may be lost. Thread-safe.
 */
public final class Uses {

  private static final Logger LOG = LoggerFactory.getLogger(Uses.class);
  private static final int MAX_VARIANTS = 50_000;
  private static final int BATCH = 500;

  private final ConcurrentMap<Subject, LongAdder> counts = new ConcurrentHashMap<>();

  /** One more use of a variant. */
  public void count(AssetId asset, VariantKey variant) {
    Subject subject = Subject.derive(asset, variant);
    LongAdder known = counts.get(subject);
    if (known == null && counts.size() < MAX_VARIANTS) {
      known = counts.computeIfAbsent(subject, s -> new LongAdder());
    }
    if (known != null) {
      known.increment();
    }
  }

  /** Tells what was counted, and counts from nothing. Never throws an {@link HfsmException}. */
  public void tell(IntakeLedger intake) {
    List<VariantUse> uses = new ArrayList<>(BATCH);
    for (Subject subject : counts.keySet()) {
      LongAdder counted = counts.remove(subject);
      long number = counted == null ? 0 : counted.sum();
      if (number > 0) {
        uses.add(
            new VariantUse(subject.asset(), Objects.requireNonNull(subject.variant()), number));
      }
      if (uses.size() == BATCH) {
        send(intake, uses);
        uses.clear();
      }
    }
    if (!uses.isEmpty()) {
      send(intake, uses);
    }
  }

  private static void send(IntakeLedger intake, List<VariantUse> uses) {
    try {
      intake.used(List.copyOf(uses));
    } catch (HfsmException e) {
      LOG.warn("the uses of {} variants were not counted: {}", uses.size(), e.getMessage());
    }
  }
}
