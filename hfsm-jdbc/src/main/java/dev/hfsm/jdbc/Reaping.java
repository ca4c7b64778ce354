package dev.hfsm.jdbc;

import dev.hfsm.jdbc.Sql.Write;
import dev.hfsm.ledger.Reaped;
import dev.hfsm.ledger.WorkRow;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Takes away leases that have run out, a batch in a handful of statements. Used once, by one
 * thread, inside one transaction.
 */
final class Reaping {

  private final Handle handle;
  private final Sql sql;
  private final List<Subject> freed = new ArrayList<>();
  private final List<Subject> buried = new ArrayList<>();
  private final List<String> freeing = new ArrayList<>();
  private final List<String> burying = new ArrayList<>();
  private final List<String> exhausting = new ArrayList<>();
  private final List<String> failing = new ArrayList<>();

  private Reaping(Handle handle, Sql sql) {
    this.handle = handle;
    this.sql = sql;
  }

  static Reaped reap(Handle handle, Sql sql, int limit, int maxAttempts) {
    Reaping reaping = new Reaping(handle, sql);
    List<Expired> expired = reaping.expired(limit);
    reaping.free(expired.stream().filter(e -> e.work().attempts() < maxAttempts).toList());
    reaping.bury(expired.stream().filter(e -> e.work().attempts() >= maxAttempts).toList());
    reaping.write();
    return new Reaped(reaping.freed, reaping.buried);
  }

  private record Expired(WorkRow work, Instant now) {

    AssetId asset() {
      return work.subject().asset();
    }

    /**
     * A row of the parameter.
     *
     * @param number of the burial, or null
     */
    String row(@Nullable Long number) {
      return Json.texts(
          asset().scope().name(),
          asset().digest().hex(),
          work.subject().kind().name(),
          Rows.variantText(work.subject()),
          "the lease ran out at " + work.leasedUntil(),
          Long.toString(now.toEpochMilli()),
          Objects.toString(number, null),
          work.worker(),
          Integer.toString(work.attempts()));
    }
  }

  private List<Expired> expired(int limit) {
    return handle
        .createQuery(sql.of(ReapStatements.EXPIRED))
        .bind("limit", limit)
        .map((row, context) -> new Expired(Rows.work(row), Rows.instant(row, "now")))
        .list();
  }

  private void free(List<Expired> living) {
    for (Expired expired : living) {
      freed.add(expired.work().subject());
      freeing.add(expired.row(null));
    }
  }

  private void bury(List<Expired> dead) {
    if (dead.isEmpty()) {
      return;
    }
    Set<AssetId> locked = lockFree(dead.stream().map(Expired::asset).distinct().toList());
    List<Expired> free = dead.stream().filter(e -> locked.contains(e.asset())).toList();
    List<Long> numbers = free.isEmpty() ? List.of() : sql.nextNumbers(handle, free.size());
    for (int i = 0; i < free.size(); i++) {
      Subject subject = free.get(i).work().subject();
      String row = free.get(i).row(numbers.get(i));
      buried.add(subject);
      burying.add(row);
      (subject.kind() == WorkKind.INSPECT ? exhausting : failing).add(row);
    }
  }

  private Set<AssetId> lockFree(List<AssetId> assets) {
    return new HashSet<>(
        handle
            .createQuery(sql.of(ReapStatements.LOCK_FREE_ASSETS))
            .bind("assets", Json.assets(assets))
            .map((row, context) -> Rows.assetId(row, "r_"))
            .list());
  }

  private void write() {
    List<Write> writes = new ArrayList<>();
    add(writes, ReapStatements.FREE_ALL, "freed", freeing);
    add(writes, ReapStatements.BURY_ALL, "buried", burying);
    add(writes, ReapStatements.EXHAUST_ALL, "exhausted", exhausting);
    add(writes, ReapStatements.VARIANTS_FAILED, "failed", failing);
    sql.write(handle, writes);
  }

  private static void add(
      List<Write> writes, String statement, String parameter, List<String> rows) {
    if (!rows.isEmpty()) {
      writes.add(new Write(statement, parameter, Json.rows(rows)));
    }
  }
}
