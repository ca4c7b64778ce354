package dev.hfsm.reliability.process;

import dev.hfsm.AssetPipeline;
import dev.hfsm.Ingested;
import dev.hfsm.Upload;
import dev.hfsm.error.AssetGoneException;
import dev.hfsm.error.BlobNotFoundException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.IntegrityException;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.Discarded;
import dev.hfsm.ledger.Purged;
import dev.hfsm.ledger.Reference;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Scope;
import dev.hfsm.reliability.process.Operation.Kind;
import dev.hfsm.reliability.process.Operation.Outcome;
import dev.hfsm.storage.StorageKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Does something to one of a few assets, and notes when it began, when it ended and what came of
 * it. Every asset has names of its own, so that each has a history of its own. Thread-safe.
 */
final class Actor {

  static final int NAMES = 3;

  private final Node node;
  private final AssetPipeline assets;
  private final String series;
  private final Log log;

  /** Where operations are noted: what was begun, before it is, and what came of it, after. */
  interface Log {
    void began(Operation unknown);

    void ended(Operation begun, Operation known);
  }

  /** An answer. */
  private record Answer(Outcome outcome, String detail) {
    static Answer of(Outcome outcome) {
      return new Answer(outcome, "");
    }
  }

  /**
   * @param series what distinguishes its assets from those of others in the same ledger
   */
  Actor(Node node, AssetPipeline assets, String series, Log log) {
    this.node = node;
    this.assets = assets;
    this.series = series;
    this.log = log;
  }

  byte[] toy(int digest) {
    return Toys.toy(series + " " + digest);
  }

  AssetId id(int digest) {
    return new AssetId(Scope.DEFAULT, Digest.ofContent(toy(digest)));
  }

  private String name(int digest, int name) {
    return series + "/" + digest + "/" + name;
  }

  /** Does it, and says whether it came to an end that is known. */
  boolean act(Kind kind, int digest, int name) {
    if (kind == Kind.COLLECT) {
      throw new IllegalArgumentException("a collection is about many assets");
    }
    return note(
        kind,
        digest,
        name,
        () ->
            switch (kind) {
              case INGEST -> ingest(digest, name);
              case RETAIN -> retain(digest, name);
              case RELEASE -> release(digest, name);
              case PURGE -> purge(digest);
              case FIND -> find(digest);
              case OPEN -> open(digest);
              default -> references(digest);
            });
  }

  private boolean note(Kind kind, int digest, int name, Supplier<Answer> act) {
    long start = System.nanoTime();
    Operation begun =
        new Operation(start, Operation.NEVER, kind, digest, name, Outcome.UNKNOWN, "");
    log.began(begun);
    Answer answer;
    try {
      answer = act.get();
    } catch (IntegrityException damaged) {
      answer = new Answer(Outcome.DAMAGED, damaged.getMessage());
    } catch (HfsmException unknown) {
      return false;
    }
    long end = System.nanoTime();
    log.ended(
        begun, new Operation(start, end, kind, digest, name, answer.outcome(), answer.detail()));
    return true;
  }

  private Answer ingest(int digest, int name) {
    Ingested ingested = assets.ingest(Upload.of(toy(digest)).as(name(digest, name)));
    return Answer.of(
        ingested.outcome() == Ingested.Outcome.CREATED ? Outcome.CREATED : Outcome.DUPLICATE);
  }

  private Answer retain(int digest, int name) {
    try {
      assets.retain(id(digest), name(digest, name));
      return Answer.of(Outcome.DONE);
    } catch (AssetGoneException gone) {
      return Answer.of(Outcome.ABSENT);
    }
  }

  private Answer release(int digest, int name) {
    Optional<AssetId> released = assets.release(name(digest, name));
    return Answer.of(released.isPresent() ? Outcome.DONE : Outcome.ABSENT);
  }

  private Answer purge(int digest) {
    Purged purged = node.ledger().custody().purge(id(digest));
    clear();
    return Answer.of(purged.outcome() == Purged.Outcome.PURGED ? Outcome.REMOVED : Outcome.ABSENT);
  }

  private Answer find(int digest) {
    return assets
        .find(id(digest))
        .map(row -> new Answer(Outcome.PRESENT, row.key().text()))
        .orElseGet(() -> Answer.of(Outcome.ABSENT));
  }

  private Answer open(int digest) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      assets.open(id(digest)).transferTo(bytes);
      boolean same = Digest.ofContent(bytes.toByteArray()).equals(id(digest).digest());
      return Answer.of(same ? Outcome.PRESENT : Outcome.DAMAGED);
    } catch (AssetGoneException gone) {
      return Answer.of(Outcome.ABSENT);
    } catch (BlobNotFoundException movedTwice) {
      // It went and came back and went while it was opened: no answer, and no harm.
      throw movedTwice;
    } catch (IOException e) {
      return new Answer(Outcome.DAMAGED, e.toString());
    }
  }

  private Answer references(int digest) {
    int bits = 0;
    for (Reference reference : assets.references(id(digest))) {
      for (int name = 0; name < NAMES; name++) {
        if (reference.name().text().equals(name(digest, name))) {
          bits |= 1 << name;
        }
      }
    }
    return new Answer(Outcome.SEEN, Integer.toString(bits));
  }

  /**
   * Collects without grace whatever nobody claims, objects included. An attempt for each asset is
   * noted; says whether it came to an end that is known.
   */
  boolean collect(int digests) {
    long start = System.nanoTime();
    Map<AssetId, Operation> begun = new HashMap<>();
    for (int digest = 0; digest < digests; digest++) {
      Operation unknown =
          new Operation(start, Operation.NEVER, Kind.COLLECT, digest, 0, Outcome.UNKNOWN, "");
      begun.put(id(digest), unknown);
      log.began(unknown);
    }
    try {
      List<AssetId> collected = node.ledger().collector().collect(Duration.ZERO, 100);
      long end = System.nanoTime();
      begun.forEach(
          (id, unknown) ->
              log.ended(
                  unknown,
                  new Operation(
                      start,
                      end,
                      Kind.COLLECT,
                      unknown.digest(),
                      0,
                      collected.contains(id) ? Outcome.REMOVED : Outcome.NONE,
                      "")));
      clear();
      return true;
    } catch (HfsmException unknown) {
      return false; // it stays noted as begun
    }
  }

  private void clear() {
    List<StorageKey> garbage =
        node.ledger().collector().garbage(1000).stream().map(Discarded::key).toList();
    garbage.forEach(node.blobs()::delete);
    node.ledger().collector().forget(garbage);
  }

  /** What is there when nobody acts any more, noted as seen. */
  void look(int digests) {
    for (int digest = 0; digest < digests; digest++) {
      act(Kind.FIND, digest, 0);
      act(Kind.REFERENCES, digest, 0);
      act(Kind.OPEN, digest, 0);
    }
  }

  /** The rows that are there. */
  List<AssetRow> rows(int digests) {
    List<AssetRow> rows = new ArrayList<>();
    for (int digest = 0; digest < digests; digest++) {
      assets.find(id(digest)).ifPresent(rows::add);
    }
    return rows;
  }
}
