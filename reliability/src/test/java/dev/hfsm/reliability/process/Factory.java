package dev.hfsm.reliability.process;

import static dev.hfsm.transform.Transformation.image;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Upload;
import dev.hfsm.error.VariantPendingException;
import dev.hfsm.model.AssetId;
import dev.hfsm.transform.Transformation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Makes work, and starts processes that do it. */
final class Factory {

  /** Longer than anything takes on the busiest machine; whoever waits so long waits in vain. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  /** For work that is held on purpose: it must not be taken for work that does not come back. */
  static final Duration HELD_FOR = Duration.ofMinutes(15);

  static final Transformation RECIPE = image().width(8);

  private Factory() {}

  /** A node that only works; returns when it does. */
  static Child worker(Site site, int workers, Duration clockAhead) {
    Child child = startWorker(site, workers, clockAhead);
    child.await("ready", PATIENCE);
    return child;
  }

  /** The same without waiting for it. */
  static Child startWorker(Site site, int workers, Duration clockAhead) {
    return Child.start(
        WorkerChild.class,
        Stream.concat(
                site.arguments().stream(),
                Stream.of(Integer.toString(workers), clockAhead.toString()))
            .toList());
  }

  /** Brings toys in, and asks for a variant of each once somebody has inspected it. */
  static List<AssetId> wanted(AssetPipeline assets, List<String> lines) {
    List<AssetId> ids = new ArrayList<>();
    for (String line : lines) {
      ids.add(assets.ingest(Upload.of(Toys.toy(line)).as(line)).id());
    }
    for (AssetId id : ids) {
      assets.awaitInspected(id, PATIENCE);
      want(assets, id);
    }
    return ids;
  }

  /** Asks, and does not wait. */
  static void want(AssetPipeline assets, AssetId id) {
    try {
      assets.variant(id, RECIPE).await(Duration.ZERO);
    } catch (VariantPendingException later) {
      // that is what was asked for
    }
  }
}
