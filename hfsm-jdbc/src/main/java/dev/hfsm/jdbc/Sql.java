package dev.hfsm.jdbc;

import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.Admitted;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.ClaimRequest.Suspects;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.VariantRequest;
import dev.hfsm.model.WorkKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A database's way of saying things: fills in what differs in the {@link Statements}, and has the
 * few statements of its own. Thread-safe.
 */
abstract class Sql {

  private static final String SUBJECT =
      "scope = :scope AND digest = :digest AND kind = :kind AND variant = :variant";

  private final Map<String, String> filled = new ConcurrentHashMap<>();
  private final String now;
  private final String lock;
  private final String lockFree;
  private final String least;
  private final String greatest;
  private final String few;

  /**
   * @param now expression of the database's time in milliseconds
   * @param lock end of a SELECT that locks what it finds, or empty
   * @param lockFree the same, leaving out what others have locked
   * @param least name of the function that answers the least of its arguments
   * @param greatest name of the function that answers the greatest
   * @param few a condition that is always true and lets a planner expect few rows of {@code i}, or
   *     empty
   */
  Sql(String now, String lock, String lockFree, String least, String greatest, String few) {
    this.now = now;
    this.lock = lock;
    this.lockFree = lockFree;
    this.least = least;
    this.greatest = greatest;
    this.few = few;
  }

  /**
   * The queues a claim looks into: kinds times suspects or not. What is paused is left out by the
   * statement.
   */
  static List<Lane> lanes(ClaimRequest request) {
    List<Lane> lanes = new ArrayList<>();
    for (WorkKind kind : WorkKind.values()) {
      if (request.kinds().contains(kind)) {
        if (request.suspects() != Suspects.ONLY) {
          lanes.add(new Lane(kind, false));
        }
        if (request.suspects() != Suspects.EXCLUDED) {
          lanes.add(new Lane(kind, true));
        }
      }
    }
    return lanes;
  }

  /** One queue of work, as the index of what is ready has them. */
  record Lane(WorkKind kind, boolean suspect) {

    String condition() {
      return "kind = '" + kind + "' AND suspect = " + suspect;
    }
  }

  /** Some of what is written in one go; {@code json} fills the statement's one parameter. */
  record Write(String statement, String parameter, String json) {}

  /** The folder of the migrations. */
  abstract String name();

  /** How a transaction that writes begins, or null to let the driver begin it. */
  abstract @Nullable String begin();

  /** What keeps two migrations apart, or null if {@link #begin} does. */
  abstract @Nullable String migrationLock();

  /** Whether the ledger's tables are there: one row, one boolean. */
  abstract String schemaIsThere();

  /** What stands for a key in the order of variants of equal worth. */
  abstract String inOrder(String key);

  /** A SELECT of the rows in a JSON parameter, with columns c1, c2, … */
  abstract String unfold(String parameter, int columns);

  /** Whether a claim may find something: looks without taking any lock. */
  abstract boolean mayClaim(Handle handle, ClaimRequest request);

  /** What a commit waits for. */
  enum Commit {
    /** Until it would survive the end of the server. */
    FLUSHED,
    /** Nothing, where the database knows such commits: the end of the server may undo it. */
    SEEN
  }

  /** Grants leases. */
  abstract List<Grant> claim(Handle handle, ClaimRequest request, Commit commit);

  /** Whether {@link #beginNew} takes fewer round trips than its parts. */
  abstract boolean beginsInOneGo();

  /**
   * Requests a variant that nobody has heard of and grants its making.
   *
   * @param request due at once
   * @return empty if nothing was written, because it is known, its kind is paused, or its asset is
   *     not there
   */
  abstract Optional<Grant> beginNew(
      Handle handle, VariantRequest request, String worker, Duration lease);

  /**
   * Writes an admission: asset, reference, work.
   *
   * @return empty if the key may not be named any more
   */
  abstract Optional<Admitted> admit(Handle handle, Admission admission);

  /** Locks the assets and the work of leases that are held, and answers what stands in them. */
  abstract List<Held> held(Handle handle, List<Lease> leases);

  /** Writes all of these, in as few round trips as can be. */
  abstract void write(Handle handle, List<Write> writes);

  /** A number above all before it. */
  abstract long nextNumber(Handle handle);

  /** As many of them, in rising order. */
  abstract List<Long> nextNumbers(Handle handle, int count);

  /** A statement with its blanks filled in. */
  final String of(String statement) {
    return filled.computeIfAbsent(statement, this::fill);
  }

  private String fill(String statement) {
    return statement
        .replace("{few}", few)
        .replace("{least}", least)
        .replace("{greatest}", greatest)
        .replace("{key order}", inOrder("storage_key"))
        .replace("{after order}", inOrder(":storage_key"))
        .replace(
            "{held}", "{subject} AND fence = :fence AND worker = :worker AND leased_until > {now}")
        .replace("{subject}", SUBJECT)
        .replace("{asset}", "scope = :scope AND digest = :digest")
        .replace("{is public}", "CAST(:is_public AS boolean)")
        .replace("{scan}", "(SELECT {now})")
        .replace("{now}", now)
        .replace("{lock}", lock)
        .replace("{lock free}", lockFree)
        .replace("{assets}", unfold("assets", 2))
        .replace("{subjects}", unfold("subjects", 4))
        .replace("{arrivals}", unfold("arrivals", 9))
        .replace("{moves}", unfold("moves", 8))
        .replace("{made}", unfold("made", 10))
        .replace("{done}", unfold("done", 4))
        .replace("{freed}", unfold("freed", 6))
        .replace("{buried}", unfold("buried", 9))
        .replace("{exhausted}", unfold("exhausted", 9))
        .replace("{failed}", unfold("failed", 9))
        .replace("{uses}", unfold("uses", 4))
        .replace("{leases}", unfold("leases", 7))
        .replace("{keys}", unfold("keys", 1))
        .replace("{discarded}", unfold("discarded", 2))
        .replace("{asset row}", Rows.assetColumns(""))
        .replace("{a.row}", Rows.assetColumns("a."))
        .replace("{variant row}", Rows.variantColumns(""))
        .replace("{v.row}", Rows.variantColumns("v."))
        .replace("{work row}", Rows.workColumns(""))
        .replace("{w.row}", Rows.workColumns("w."));
  }
}
