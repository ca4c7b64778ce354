package dev.hfsm.internal;

import dev.hfsm.AcceptPolicy;
import dev.hfsm.TransitionListener;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Rate;
import dev.hfsm.queue.WorkQueue;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Transformer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All that a pipeline and its workers are made of.
 *
 * @param queue null if work is claimed straight from the ledger
 * @param costs what variants cost, as far as this process knows
 * @param worker name of this process among all that share the ledger
 * @param workers how many pieces of work are done at the same time
 * @param renders on how many threads variants are made at the same time, at most
 * @param coldVariants for how many variants that are not there callers may wait at the same time
 * @param coldCallers how many callers may wait for those
 * @param maxAttempts after how many attempts work is given up
 * @param lease how long work is leased; renewed at half of it
 * @param workTime how long one piece of work may take
 * @param poll how long a worker with nothing to do waits before it looks again unasked
 * @param rates how much of a kind this process may begin at most
 * @param drain how long work under way may go on when the pipeline closes
 */
public record Settings(
    AssetLedger ledger,
    BlobStore blobs,
    @Nullable WorkQueue queue,
    List<Transformer> transformers,
    Spool spool,
    Limits limits,
    AcceptPolicy acceptPolicy,
    TransitionListener listener,
    MemoryPool memory,
    CostBook costs,
    InstantSource clock,
    RandomGenerator random,
    String worker,
    int workers,
    int renders,
    int coldVariants,
    int coldCallers,
    int maxAttempts,
    Duration lease,
    Duration workTime,
    Duration poll,
    Map<WorkKind, Rate> rates,
    Duration drain) {}
