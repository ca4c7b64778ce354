package dev.hfsm.jdbc;

import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.model.WorkKind;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
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

  /**
   * @param now expression of the database's time in milliseconds
   * @param lock end of a SELECT that locks what it finds, or empty
   * @param lockFree the same, leaving out what others have locked
   */
  Sql(String now, String lock, String lockFree) {
    this.now = now;
    this.lock = lock;
    this.lockFree = lockFree;
  }

  /** The claim's kinds, its maximum and, if it names any, its subjects. */
  static <S extends SqlStatement<S>> S bind(S statement, ClaimRequest request) {
    List<String> kinds = request.kinds().stream().map(WorkKind::name).toList();
    statement
        .bind("kind1", kinds.get(0))
        .bind("kind2", kinds.get(kinds.size() - 1))
        .bind("max", request.max());
    return request.subjects().isEmpty()
        ? statement
        : statement.bind("subjects", Json.subjects(request.subjects()));
  }

  /** The folder of the migrations. */
  abstract String name();

  /** How a transaction that writes begins, or null to let the driver begin it. */
  abstract @Nullable String begin();

  /** What keeps two migrations apart, or null if {@link #begin} does. */
  abstract @Nullable String migrationLock();

  /** Whether the ledger's tables are there: one row, one boolean. */
  abstract String schemaIsThere();

  /** A SELECT of the rows in a JSON parameter, with columns c1, c2, … */
  abstract String unfold(String parameter, int columns);

  /** Whether a claim may find something: looks without taking any lock. */
  abstract boolean mayClaim(Handle handle, ClaimRequest request);

  /** Grants leases. */
  abstract List<Grant> claim(Handle handle, ClaimRequest request);

  /** A number above all before it. */
  abstract long nextNumber(Handle handle);

  /** A statement with its blanks filled in. */
  final String of(String statement) {
    return filled.computeIfAbsent(statement, this::fill);
  }

  private String fill(String statement) {
    return statement
        .replace(
            "{held}", "{subject} AND fence = :fence AND worker = :worker AND leased_until > {now}")
        .replace("{subject}", SUBJECT)
        .replace("{asset}", "scope = :scope AND digest = :digest")
        .replace("{scan}", "(SELECT {now})")
        .replace("{now}", now)
        .replace("{lock}", lock)
        .replace("{lock free}", lockFree)
        .replace("{assets}", unfold("assets", 2))
        .replace("{subjects}", unfold("subjects", 4))
        .replace("{variants}", unfold("variants", 1))
        .replace("{keys}", unfold("keys", 1))
        .replace("{asset row}", Rows.assetColumns(""))
        .replace("{a.row}", Rows.assetColumns("a."))
        .replace("{variant row}", Rows.variantColumns(""))
        .replace("{v.row}", Rows.variantColumns("v."))
        .replace("{work row}", Rows.workColumns(""))
        .replace("{w.row}", Rows.workColumns("w."));
  }
}
