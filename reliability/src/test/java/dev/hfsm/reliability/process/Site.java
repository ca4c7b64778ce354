package dev.hfsm.reliability.process;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a ledger and a store lie, in a form that can be handed to a child process.
 *
 * @param url of the ledger's database
 * @param folder of everything else
 */
record Site(String url, Path folder) {

  /** Which database. */
  enum Kind {
    SQLITE,
    POSTGRESQL
  }

  /** A new, empty one. */
  static Site create(Kind kind, Path folder) {
    return kind == Kind.SQLITE
        ? new Site(
            "jdbc:sqlite:"
                + folder.resolve("ledger.db")
                + "?journal_mode=WAL&synchronous=FULL&busy_timeout=20000",
            folder)
        : new Site(Postgres.url(Postgres.port(), Postgres.database()), folder);
  }

  /** The same, reached through another port of this machine. */
  Site through(int port) {
    return new Site(url.replaceFirst("127\\.0\\.0\\.1:\\d+", "127.0.0.1:" + port), folder);
  }

  /** The same with a shorter patience for the network, so that tests need not wait as long. */
  Site impatient() {
    return new Site(
        url.replaceFirst("socketTimeout=\\d+", "socketTimeout=2")
            .replaceAll("_timeout%3D\\ds", "_timeout%3D1s"),
        folder);
  }

  List<String> arguments() {
    return List.of(url, folder.toString());
  }

  /** The opposite of {@link #arguments}; what else was handed over comes after. */
  static Site of(String... arguments) {
    return new Site(arguments[0], Path.of(arguments[1]));
  }
}
