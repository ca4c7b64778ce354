package dev.hfsm.reliability;

import dev.hfsm.AssetPipeline;
import dev.hfsm.PipelineBuilder;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.VariantRow;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Cursor;
import dev.hfsm.model.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A ledger, a store and a clock in memory, which outlive every process that uses them. */
final class World {

  private static final int ALL = 1000;

  final MovableClock clock = new MovableClock();
  final InMemoryLedger ledger = new InMemoryLedger(clock);
  final InMemoryBlobStore blobs = new InMemoryBlobStore();
  final Truth truth = new Truth(ledger, blobs);
  private final Path spool;

  World(Path spool) {
    this.spool = spool;
  }

  /** A pipeline of a process whose contract calls pass {@code gate}. */
  PipelineBuilder pipeline(Contracts.Gate gate) {
    return AssetPipeline.builder()
        .ledger(Contracts.over(ledger, gate))
        .blobs(Contracts.over(blobs, gate))
        .transformer(new Toys())
        .clock(clock)
        .random(new Random(1))
        .workers(1)
        .spool(spool);
  }

  List<AssetRow> assets() {
    return ledger.reader().assets(Scope.DEFAULT, Cursor.START, ALL).items();
  }

  List<VariantRow> variants(AssetId asset) {
    return ledger.reader().variants(asset);
  }

  /** All work, owed, leased and dead. */
  List<WorkRow> work() {
    List<WorkRow> work = new ArrayList<>();
    assets().forEach(asset -> work.addAll(ledger.operator().work(asset.id())));
    return work;
  }
}
