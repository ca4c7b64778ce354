package dev.hfsm.internal.custody;

import dev.hfsm.ledger.IntakeLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import java.time.Instant;

/** Asks a ledger what time it is: stamps are its own, and ages are measured on its clock. */
final class LedgerTime {

  /** An asset that nobody will ever have. */
  private static final AssetId NOBODY = AssetId.of(new Digest("0".repeat(64)));

  private LedgerTime() {}

  static Instant of(IntakeLedger intake) {
    return intake.find(NOBODY).now();
  }
}
