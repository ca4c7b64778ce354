package dev.hfsm;

import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.HistoryEntry;
import dev.hfsm.ledger.Reference;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.WorkRow;
import java.util.List;

/**
 * All that is known about an asset and how it came to be so.
 *
 * @param asset where it stands
 * @param history every transition with its cause, worker, attempt and time, oldest first
 * @param variants every variant with its state and what it cost
 * @param work what is owed or was given up, with attempts and the last failure
 * @param references who claims it
 */
public record Explanation(
    AssetRow asset,
    List<HistoryEntry> history,
    List<VariantRow> variants,
    List<WorkRow> work,
    List<Reference> references) {}
