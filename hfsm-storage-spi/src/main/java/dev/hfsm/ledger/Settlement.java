package dev.hfsm.ledger;

import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.Facts;

/** What a worker has to report about work it holds, for {@link WorkLedger#settle}. */
public sealed interface Settlement {

  /** The right to report it. */
  Lease held();

  /**
   * A step of an inspection, as in {@link WorkLedger#advance}.
   *
   * @param event FINGERPRINTED, DESCRIBED or REFUSED
   * @param learned facts that win over older ones
   */
  record Step(Lease held, AssetEvent event, Facts learned) implements Settlement {}

  /** A variant that was made, as in {@link WorkLedger#publish}. */
  record Rendered(Lease held, VariantContent content) implements Settlement {}
}
