package dev.hfsm;

import dev.hfsm.internal.CostBook;
import dev.hfsm.internal.MemoryPool;
import dev.hfsm.internal.Settings;
import dev.hfsm.internal.Spool;
import dev.hfsm.internal.Tickets;
import dev.hfsm.internal.custody.CustodySettings;
import dev.hfsm.internal.custody.OwnStore;
import dev.hfsm.internal.custody.StoreIdentity;
import dev.hfsm.ledger.AssetLedger;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Rate;
import dev.hfsm.queue.WorkQueue;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.transform.Limits;
import dev.hfsm.transform.Transformation;
import dev.hfsm.transform.Transformer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Describes a pipeline. Each setting can be given once; {@link #build()} says what is missing. Not
 * thread-safe.
 */
public final class PipelineBuilder {

  private static final long MAX_UPLOAD = 200_000_000;
  private static final int MAX_ATTEMPTS = 8;
  private static final int COLD_VARIANTS = 64;
  private static final int COLD_CALLERS = 128;
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration WORK_TIME = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration COLLECT_GRACE = Duration.ofHours(24);
  private static final Duration VARIANT_IDLE = Duration.ofHours(1);
  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final Once<AssetLedger> ledger = new Once<>("ledger");
  private final Once<BlobStore> blobs = new Once<>("blobs");
  private final Once<WorkQueue> queue = new Once<>("queue");
  private final Once<Path> spool = new Once<>("spool");
  private final Once<Long> maxUploadBytes = new Once<>("maxUploadBytes");
  private final Once<Limits> limits = new Once<>("limits");
  private final Once<AcceptPolicy> accept = new Once<>("accept");
  private final Once<TransitionListener> listener = new Once<>("listener");
  private final Once<Integer> workers = new Once<>("workers");
  private final Once<Integer> renders = new Once<>("renders");
  private final Once<Integer> coldVariants = new Once<>("coldVariants");
  private final Once<Integer> coldCallers = new Once<>("coldCallers");
  private final Once<CostLimits> costs = new Once<>("costs");
  private final Once<Executor> executor = new Once<>("executor");
  private final Once<InstantSource> clock = new Once<>("clock");
  private final Once<RandomGenerator> random = new Once<>("random");
  private final Once<Duration> lease = new Once<>("lease");
  private final Once<Duration> workTime = new Once<>("workTime");
  private final Once<Duration> collectGrace = new Once<>("collectGrace");
  private final Once<Long> variantBudget = new Once<>("variantBudget");
  private final Once<Duration> variantIdle = new Once<>("variantIdle");
  private final Once<Duration> drain = new Once<>("drain");
  private final Once<Duration> poll = new Once<>("poll");
  private final Map<WorkKind, Rate> rates = new EnumMap<>(WorkKind.class);
  private final Once<byte[]> uploadSecret = new Once<>("uploadSecret");
  private final List<Transformer> transformers = new ArrayList<>();
  private final Map<String, Preset> presets = new LinkedHashMap<>();
  private final List<AutoCloseable> owned = new ArrayList<>();

  PipelineBuilder() {}

  /** What is true; required. It stays open when the pipeline closes. */
  public PipelineBuilder ledger(AssetLedger assetLedger) {
    ledger.set(assetLedger);
    return this;
  }

  /** Where bytes lie; required. It stays open when the pipeline closes. */
  public PipelineBuilder blobs(BlobStore blobStore) {
    blobs.set(blobStore);
    return this;
  }

  /**
   * Where to look for work; without one, workers ask the ledger. It stays open when the pipeline
   * closes.
   */
  public PipelineBuilder queue(WorkQueue workQueue) {
    queue.set(workQueue);
    return this;
  }

  /** Another transformer; the first that knows a type is used. */
  public PipelineBuilder transformer(Transformer transformer) {
    transformers.add(transformer);
    return this;
  }

  /**
   * Names a recipe. Of assets that are public, anybody may ask for it by its name.
   *
   * @param name 1 to 32 characters of {@code [a-z0-9-]} that start with a letter or digit
   */
  public PipelineBuilder preset(String name, Transformation recipe) {
    return preset(name, recipe, new int[0]);
  }

  /**
   * As {@link #preset(String, Transformation)}, in several widths besides, as for a {@code srcset}:
   * those and no others may be asked for without a signature.
   *
   * @param widths in pixels, 1 to 16384, each once; the proportions of a box are kept
   */
  public PipelineBuilder preset(String name, Transformation recipe, int... widths) {
    Preset preset = new Preset(name, recipe, Arrays.stream(widths).boxed().toList());
    if (presets.putIfAbsent(name, preset) != null) {
      throw new IllegalStateException("preset " + name + ": expected once, found a second time");
    }
    return this;
  }

  /**
   * Folder for uploads under way. By default it is one of this pipeline alone in the system's
   * temporary directory, removed at close; what a crash leaves there is the system's to clear. On
   * the file system of a file store, large uploads are moved into the store instead of copied.
   */
  public PipelineBuilder spool(Path folder) {
    spool.set(folder);
    return this;
  }

  /** Largest upload in bytes; 200 MB by default. Memory does not grow with it. */
  public PipelineBuilder maxUploadBytes(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("maxUploadBytes: expected 1 or more, found " + bytes);
    }
    maxUploadBytes.set(bytes);
    return this;
  }

  /** What sources may be before anything is decoded. */
  public PipelineBuilder limits(Limits mediaLimits) {
    limits.set(mediaLimits);
    return this;
  }

  /** Which assets the host wants; all by default. */
  public PipelineBuilder accept(AcceptPolicy policy) {
    accept.set(policy);
    return this;
  }

  /** Who hears of transitions. */
  public PipelineBuilder listener(TransitionListener transitionListener) {
    listener.set(transitionListener);
    return this;
  }

  /**
   * How many pieces of work are done at the same time; one for each processor by default. A node
   * with none takes in, tells others what there is to do, waits for what they make, and does
   * chores.
   */
  public PipelineBuilder workers(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("workers: expected 0 or more, found " + count);
    }
    workers.set(count);
    return this;
  }

  /**
   * On how many of the workers variants are made at the same time; on all by default. A process
   * that also serves what is there sets it below the number of its processors: those left over
   * answer, whatever crowd asks for variants that nobody has made yet. Inspections go on meanwhile.
   */
  public PipelineBuilder renders(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("renders: expected 1 or more, found " + count);
    }
    renders.set(count);
    return this;
  }

  /**
   * For how many variants that are not there yet callers of this process may wait at the same time;
   * 64 by default. Whoever asks for another one is turned away with an {@link
   * dev.hfsm.error.OverloadedException}, at once and without a trace in the ledger. Those who do
   * not wait ({@code await(Duration.ZERO)}, as to have variants made ahead) are not counted.
   *
   * <p>What is sensible is what {@link #renders} can make within the time callers wait.
   */
  public PipelineBuilder coldVariants(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("coldVariants: expected 1 or more, found " + count);
    }
    coldVariants.set(count);
    return this;
  }

  /**
   * How many callers of this process may wait for variants that are not there yet; 128 by default.
   * Each holds a thread while it waits, and as many may look, for a second at most, whether it is
   * there: a server needs more threads than twice this, so that some are left for what is there.
   * Whoever comes beyond is turned away as with {@link #coldVariants}.
   */
  public PipelineBuilder coldCallers(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("coldCallers: expected 1 or more, found " + count);
    }
    coldCallers.set(count);
    return this;
  }

  /**
   * What variants may cost and what happens beyond that; without bounds by default. All nodes of a
   * cluster should be given the same.
   */
  public PipelineBuilder costs(CostLimits limits) {
    costs.set(limits);
    return this;
  }

  /**
   * How many pieces of work of a kind this node begins at most; no limit by default. It holds with
   * every queue and without one; a cluster of three nodes does three times as much.
   */
  public PipelineBuilder rate(WorkKind kind, Rate most) {
    if (rates.putIfAbsent(kind, most) != null) {
      throw new IllegalStateException("rate of " + kind + ": expected once, found a second time");
    }
    return this;
  }

  /**
   * Where workers run. It must give {@code workers + 9} threads at the same time, one more if there
   * is a queue, each of which is kept until the pipeline closes, and one more for each that is lost
   * to a transformer that never comes back. It stays open when the pipeline closes. Without one the
   * pipeline has threads of its own.
   */
  public PipelineBuilder executor(Executor threads) {
    executor.set(threads);
    return this;
  }

  /** What time it is, for what this process notes down; leases run on the ledger's clock. */
  public PipelineBuilder clock(InstantSource instants) {
    clock.set(instants);
    return this;
  }

  /** Where random bits come from; must be thread-safe. */
  public PipelineBuilder random(RandomGenerator generator) {
    random.set(generator);
    return this;
  }

  /** How long work is leased, 30 s by default; it is renewed at half of that. */
  public PipelineBuilder lease(Duration duration) {
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("lease: expected 1 s or more, found " + duration);
    }
    lease.set(duration);
    return this;
  }

  /** How long one inspection or transformation may take, 60 s by default. */
  public PipelineBuilder workTime(Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("workTime: expected more than nothing, found " + duration);
    }
    workTime.set(duration);
    return this;
  }

  /**
   * How long an asset without a claim is kept before it is collected, 24 h by default. It is the
   * time in which a release can be taken back, and in which a backup of the ledger and the store
   * has to be done: make it longer if a backup takes longer.
   */
  public PipelineBuilder collectGrace(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("collectGrace: expected zero or more, found " + duration);
    }
    collectGrace.set(duration);
    return this;
  }

  /**
   * How many bytes the variants of all scopes may take; no limit by default. Beyond it, every ten
   * minutes, those go first whose uses × cost ÷ bytes is lowest.
   */
  public PipelineBuilder variantBudget(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("variantBudget: expected 0 or more, found " + bytes);
    }
    variantBudget.set(bytes);
    return this;
  }

  /** Variants used within this time are kept whatever the budget; 1 h by default. */
  public PipelineBuilder variantIdle(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("variantIdle: expected zero or more, found " + duration);
    }
    variantIdle.set(duration);
    return this;
  }

  /**
   * How long {@link AssetPipeline#close} lets work under way go on before it is cancelled and given
   * back; 30 s by default.
   */
  public PipelineBuilder drain(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("drain: expected nothing or more, found " + duration);
    }
    drain.set(duration);
    return this;
  }

  /** How long a worker that hears of nothing waits before it looks for work unasked. */
  PipelineBuilder poll(Duration duration) {
    poll.set(duration);
    return this;
  }

  /**
   * What tickets of direct uploads are sealed with. All nodes that complete each other's uploads
   * need the same. Without one, a ticket can be completed by the pipeline that issued it alone.
   *
   * @param secret 32 bytes or more that nobody can guess
   */
  public PipelineBuilder uploadSecret(byte[] secret) {
    if (secret.length < Tickets.MIN_SECRET) {
      throw new IllegalArgumentException(
          "uploadSecret: expected "
              + Tickets.MIN_SECRET
              + " bytes or more, found "
              + secret.length);
    }
    uploadSecret.set(secret.clone());
    return this;
  }

  /**
   * Closes {@code resource} when the pipeline closes, in the order given, after its threads have
   * ended.
   */
  public PipelineBuilder closing(AutoCloseable resource) {
    owned.add(resource);
    return this;
  }

  /**
   * A pipeline that takes uploads and does no work yet.
   *
   * @throws IllegalStateException if the ledger or the store is missing
   */
  public AssetPipeline build() {
    // A name nobody can guess: in a folder shared with others, a known one could be taken first.
    Path folder =
        spool.orElse(
            Path.of(System.getProperty("java.io.tmpdir"), "hfsm-spool-" + UUID.randomUUID()));
    List<AutoCloseable> closing = new ArrayList<>(owned);
    if (spool.orNull() == null) {
      closing.add(() -> Files.deleteIfExists(folder)); // a folder of this pipeline alone
    }
    RandomGenerator bits = random.orElse(new SecureRandom());
    StoreIdentity identity = new StoreIdentity(ledger.required(), blobs.required(), bits);
    CustodySettings custody =
        new CustodySettings(
            collectGrace.orElse(COLLECT_GRACE),
            variantBudget.orNull(),
            variantIdle.orElse(VARIANT_IDLE));
    return new AssetPipeline(
        settings(folder, bits, identity),
        custody,
        costs.orElse(CostLimits.NONE),
        identity,
        new Tickets(uploadSecret.orElse(secret())),
        List.copyOf(presets.values()),
        new PipelineThreads(executor.orNull()),
        closing);
  }

  private Settings settings(Path folder, RandomGenerator bits, StoreIdentity identity) {
    int count = workers.orElse(Runtime.getRuntime().availableProcessors());
    InstantSource time = clock.orElse(InstantSource.system());
    return new Settings(
        ledger.required(),
        new OwnStore(blobs.required(), identity),
        queue.orNull(),
        List.copyOf(transformers),
        new Spool(folder, maxUploadBytes.orElse(MAX_UPLOAD)),
        limits.orElse(Limits.DEFAULT),
        accept.orElse(AcceptPolicy.EVERYTHING),
        listener.orElse((asset, transition) -> {}),
        MemoryPool.ofThisJvm(),
        new CostBook(time),
        time,
        bits,
        "w" + UUID.randomUUID(),
        count,
        renders.orElse(count),
        coldVariants.orElse(COLD_VARIANTS),
        coldCallers.orElse(COLD_CALLERS),
        MAX_ATTEMPTS,
        lease.orElse(LEASE),
        workTime.orElse(WORK_TIME),
        poll.orElse(POLL),
        Map.copyOf(rates),
        drain.orElse(DRAIN));
  }

  private static byte[] secret() {
    byte[] secret = new byte[Tickets.MIN_SECRET];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  /**
   * {@link #build()} and {@link AssetPipeline#start()} in one. If the pipeline cannot be started,
   * it is closed: the caller has nothing to close.
   */
  public AssetPipeline start() {
    AssetPipeline built = build();
    try {
      return built.start();
    } catch (RuntimeException | Error refused) {
      built.close();
      throw refused;
    }
  }
}
