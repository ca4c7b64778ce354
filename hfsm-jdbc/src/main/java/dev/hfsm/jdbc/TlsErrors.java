package dev.hfsm.jdbc;

import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells which setting to look at when a server of PostgreSQL and its driver do not agree on TLS.
 * The driver gives all such errors the codes of a lost connection.
 */
final class TlsErrors {

  private static final String CONNECTION_FAILED = "08006";
  private static final String CONNECTION_REJECTED = "08004";

  private TlsErrors() {}

  /** What to change, or null if the error is about something else. */
  static @Nullable String advice(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return "check the parameter sslrootcert of the JDBC URL: the file has to hold the server's"
            + " certificate or that of its authority, in PEM";
      }
      if (cause instanceof SQLException found) {
        String advice = advice(found);
        if (advice != null) {
          return advice;
        }
      }
    }
    return null;
  }

  private static @Nullable String advice(SQLException error) {
    String said = String.valueOf(error.getMessage());
    if (CONNECTION_FAILED.equals(error.getSQLState())) {
      if (isOfNoFile(error.getCause())) {
        return "check the parameter sslrootcert of the JDBC URL, and sslcert and sslkey if they are"
            + " set: each has to be a file that this process may read";
      }
      // The driver names its verifier, in whatever language it speaks, and gives no cause.
      return said.toLowerCase(Locale.ROOT).contains("hostnameverifier")
          ? "check the host in the JDBC URL: with sslmode=verify-full the server's certificate has"
              + " to be of that host"
          : null;
    }
    return CONNECTION_REJECTED.equals(error.getSQLState()) && said.contains("SSL")
        ? "check the parameter sslmode of the JDBC URL, or set ssl=on in the server's configuration"
        : null;
  }

  private static boolean isOfNoFile(@Nullable Throwable cause) {
    return cause instanceof FileNotFoundException || cause instanceof NoSuchFileException;
  }
}
