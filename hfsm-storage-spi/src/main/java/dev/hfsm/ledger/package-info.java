/** What is true: the {@link dev.hfsm.ledger.AssetLedger} contract, one interface per role. */
@NullMarked
package dev.hfsm.ledger;

import org.jspecify.annotations.NullMarked;
