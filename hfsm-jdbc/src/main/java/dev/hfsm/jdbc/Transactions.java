package dev.hfsm.jdbc;

import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;

/** Where the ledger's methods run: in transactions of their own, or in one of the host's. */
interface Transactions {

  /**
   * Runs {@code body} as one transaction that writes, durable on return unless it is the host's.
   *
   * @param what for the message if it fails, as in "could not …"
   */
  <T> T write(String what, Function<Handle, T> body);

  /**
   * The same for a body of exactly one statement, which is a transaction by itself where no lock
   * has to be taken beforehand: saves a round trip.
   */
  <T> T writeOne(String what, Function<Handle, T> body);

  /** Runs a body of exactly one statement that reads. */
  <T> T read(String what, Function<Handle, T> body);

  /** The settings that our statements need. */
  static Jdbi configured(Jdbi jdbi) {
    jdbi.configure(Handles.class, handles -> handles.setForceEndTransactions(false));
    // The statements are fixed texts with "<" in them, which the default engine would interpret.
    jdbi.configure(SqlStatements.class, s -> s.setTemplateEngine((text, context) -> text));
    return jdbi;
  }
}
