package dev.hfsm.tck;

import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.memory.InMemoryLedger;
import java.time.Duration;
import java.time.Instant;

/** The reference keeps the contract; this is also how short an adapter's test is. */
class InMemoryLedgerTest extends AssetLedgerContract {

  private Instant now = Instant.parse("2026-11-23T12:00:00Z");

  @Override
  protected AssetLedger newLedger() {
    return new InMemoryLedger(() -> now);
  }

  @Override
  protected void elapse(Duration time) {
    now = now.plus(time);
  }
}
