package dev.hfsm.jdbc;

import dev.hfsm.error.LeaseLostException;
import dev.hfsm.ledger.Chore;
import dev.hfsm.ledger.ChoreLedger;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

final class JdbcChores implements ChoreLedger {

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

  private final Transactions transactions;
  private final Sql sql;

  JdbcChores(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    this.sql = sql;
  }

  @Override
  public Optional<Chore> lease(String chore, String worker, Duration lease) {
    requireName(chore);
    return transactions.writeOne(
        "lease a chore",
        handle ->
            handle
                .createQuery(sql.of(CustodyStatements.LEASE_CHORE))
                .bind("name", chore)
                .bind("worker", worker)
                .bind("millis", lease.toMillis())
                .map((row, context) -> new Chore(chore, worker, row.getString("progress")))
                .findOne());
  }

  @Override
  public void note(Chore held, String progress) {
    if (progress.length() > MAX_PROGRESS) {
      throw new IllegalArgumentException(
          "progress: expected up to " + MAX_PROGRESS + " characters, found " + progress.length());
    }
    int noted =
        transactions.writeOne(
            "note the progress of a chore",
            handle ->
                held(handle, CustodyStatements.NOTE_PROGRESS, held)
                    .bind("progress", progress)
                    .execute());
    if (noted == 0) {
      throw new LeaseLostException(held.toString());
    }
  }

  @Override
  public String noted(String chore) {
    requireName(chore);
    return transactions.read(
        "read the progress of a chore",
        handle ->
            handle
                .createQuery(sql.of(CustodyStatements.NOTED))
                .bind("name", chore)
                .mapTo(String.class)
                .findOne()
                .orElse(""));
  }

  private static void requireName(String chore) {
    if (!NAME.matcher(chore).matches()) {
      throw new IllegalArgumentException("chore: expected [a-z0-9-]{1,64}, found " + chore);
    }
  }

  @Override
  public void release(Chore held) {
    transactions.writeOne(
        "release a chore", handle -> held(handle, CustodyStatements.RELEASE_CHORE, held).execute());
  }

  private Update held(Handle handle, String statement, Chore held) {
    return handle
        .createUpdate(sql.of(statement))
        .bind("name", held.name())
        .bind("worker", held.worker());
  }
}
