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

  /** A new, empty one, whose users have all the time in the world. */
  static Site create(Kind kind, Path folder) {
    return kind == Kind.SQLITE
        ? new Site(
            "jdbc:sqlite:"
                + folder.resolve("ledger.db")
                + "?journal_mode=WAL&synchronous=FULL&busy_timeout=60000",
            folder)
        : new Site(Postgres.url(Postgres.port(), Postgres.database()), folder);
  }

  /** The same, reached through another port of this machine. */
  Site through(int port) {
    return new Site(url.replaceFirst("127\\.0\\.0\\.1:\\d+", "127.0.0.1:" + port), folder);
  }

  /**
   * The same with the settings that docs/operations.md asks of a host: waits for the network end
   * soon, and the server soon lets go of what a dead node has locked. A busy machine can exceed
   * them, so whoever uses it has to try again.
   */
  Site asDocumented() {
    return waiting(2, 5, 4, 3);
  }

  /** The same with a shorter patience still, for many faults one after the other. */
  Site impatient() {
    return waiting(2, 2, 1, 1);
  }

  private Site waiting(int connect, int socket, int idle, int lock) {
    return new Site(
        url.replaceFirst("connectTimeout=\\d+", "connectTimeout=" + connect)
            .replaceFirst("socketTimeout=\\d+", "socketTimeout=" + socket)
            .replaceFirst("session_timeout%3D\\d+s", "session_timeout%3D" + idle + "s")
            .replaceFirst("lock_timeout%3D\\d+s", "lock_timeout%3D" + lock + "s"),
        folder);
  }

  /** Whether waits for the network end soon. */
  boolean isHasty() {
    return url.contains("connectTimeout=2&");
  }

  List<String> arguments() {
    return List.of(url, folder.toString());
  }

  /** The opposite of {@link #arguments}; what else was handed over comes after. */
  static Site of(String... arguments) {
    return new Site(arguments[0], Path.of(arguments[1]));
  }
}
