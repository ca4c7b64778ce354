package dev.hfsm.tck;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.tck.broken.BrokenLedger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AssetLedgerContractTest {

  private final EveryCaseBites suite = new EveryCaseBites(Cases.class);

  @Test
  void theReferencePassesEveryCase() {
    suite.passes((Maker) InMemoryLedger::new);
  }

  @Test
  void everyBrokenLedgerIsCaughtAndEveryCaseCatchesOne() {
    Map<String, Maker> broken = new LinkedHashMap<>();
    for (BrokenLedger ledger : BrokenLedger.values()) {
      broken.put(ledger.name(), ledger::create);
    }
    System.setProperty(Threads.PATIENCE_PROPERTY, "300"); // mute bells are waited for in vain
    try {
      suite.bites(broken);
    } finally {
      System.clearProperty(Threads.PATIENCE_PROPERTY);
    }
  }

  /** How the ledger under test is made. */
  interface Maker {
    AssetLedger make(InstantSource clock);
  }

  @EveryCaseBites.ForEachAdapter
  static class Cases extends AssetLedgerContract {

    private Instant now = Instant.parse("2026-11-23T12:00:00.123Z");

    @Override
    protected AssetLedger newLedger() {
      return EveryCaseBites.underTest(Maker.class).make(() -> now);
    }

    @Override
    protected void elapse(Duration time) {
      now = now.plus(time);
    }
  }
}
