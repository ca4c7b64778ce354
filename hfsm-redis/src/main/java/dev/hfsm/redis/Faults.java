package dev.hfsm.redis;

import dev.hfsm.error.QueueException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in the words of this project what went wrong, and which setting helps. */
final class Faults {

  private final String address;
  private final Keys keys;
  private final Duration timeout;

  Faults(String address, Keys keys, Duration timeout) {
    this.address = address;
    this.keys = keys;
    this.timeout = timeout;
  }

  /** What kept a session from being opened. */
  QueueException ofOpening(Throwable failure) {
    return bare(failure) instanceof TimeoutException late
        ? fault(
            "let nobody in within "
                + timeout.multipliedBy(2).toMillis()
                + " ms; look at uri(...): host, port, and rediss:// if and only if it speaks TLS",
            late,
            true)
        : of(failure);
  }

  /** What went wrong with a command. */
  QueueException of(Throwable failure) {
    Throwable cause = bare(failure);
    if (cause instanceof QueueException known) {
      return known;
    }
    String said = answer(cause);
    if (said != null) {
      return refusal(said, cause);
    }
    if (cause instanceof TimeoutException || cause instanceof RedisCommandTimeoutException) {
      return fault("gave no answer within " + timeout.toMillis() + " ms", cause, true);
    }
    if (within(cause, UnknownHostException.class)) {
      return fault("has a host name nobody knows; look at uri(...)", cause, true);
    }
    if (within(cause, CertificateException.class)) {
      return fault(
          "does not agree on TLS: its certificate does not hold here ("
              + deepest(cause)
              + "); it has to be of the host in uri(...), and signed by somebody whom this JVM"
              + " trusts (javax.net.ssl.trustStore) or a client given to client(...)",
          cause,
          false);
    }
    if (within(cause, SSLException.class)) {
      return fault(
          "does not agree on TLS ("
              + deepest(cause)
              + "); rediss:// in uri(...) asks for TLS, redis:// does without",
          cause,
          false);
    }
    return fault(
        "cannot be reached (" + deepest(cause) + "); look at uri(...), and whether it runs",
        cause,
        true);
  }

  /** Whether the connections are worth nothing after it. */
  static boolean breaks(Throwable failure) {
    String said = answer(bare(failure));
    // A master that has become a replica stays one; the address may name its successor.
    return said == null || said.contains("READONLY");
  }

  /** Whether a connection just ended: neither the server nor the network has said a word. */
  static boolean tellsNothing(Throwable failure) {
    Throwable c = failure;
    while (c.getCause() != null) {
      c = c.getCause();
    }
    return c instanceof RedisConnectionException;
  }

  /** What the server answered, from wherever a script's error has put it; null if it did not. */
  private static @Nullable String answer(Throwable cause) {
    for (Throwable c = cause; c != null; c = c.getCause()) {
      if (c instanceof RedisCommandExecutionException) {
        return String.valueOf(c.getMessage());
      }
    }
    return null;
  }

  /** Why the server lets nobody in; null if that is not what it says. */
  private @Nullable QueueException atTheDoor(String said, Throwable cause) {
    if (said.contains("'auth' command")) { // of those it takes a password alone
      return fault(
          "is too old and knows no users: expected version 6.2 or newer; give uri(...) the address"
              + " of a newer server",
          said,
          cause);
    }
    if (said.contains("WRONGPASS") || said.contains("NOAUTH") || said.contains("AUTH")) {
      return fault(
          "refuses user or password; set them in uri(...), redis://user:password@host",
          said,
          cause);
    }
    return said.contains("DB index")
        ? fault("has no database of that number; look at uri(...), redis://host/0", said, cause)
        : null;
  }

  private QueueException refusal(String said, Throwable cause) {
    QueueException refused = atTheDoor(said, cause);
    if (refused != null) {
      return refused;
    }
    // The second is how servers word it of a command within a script.
    if (said.contains("NOPERM") || said.contains("can't run this command")) {
      return fault(
          "denies what the queue needs; the user's ACL has to allow EVAL, EVALSHA, SUBSCRIBE, the"
              + " commands of docs/redis.md, keys "
              + keys
              + " and channel "
              + keys.bell(),
          said,
          cause);
    }
    if (said.contains("WRONGTYPE")) {
      return fault(
          "has something else under keys "
              + keys
              + "; give the queue a prefix(...) of its own, or remove what is there",
          said,
          cause);
    }
    if (said.contains("OOM")) {
      return retryable("has no memory left; raise maxmemory, or lower maxHints(...)", said, cause);
    }
    if (said.contains("READONLY")) {
      return retryable("is a replica; uri(...) has to name the master", said, cause);
    }
    if (said.contains("MOVED") || said.contains("CROSSSLOT") || said.contains("ASK ")) {
      return fault("is a cluster; give cluster(...) a RedisClusterClient", said, cause);
    }
    if (said.contains("MISCONF")) {
      return retryable(
          "cannot save to its disk and takes nothing in (stop-writes-on-bgsave-error)",
          said,
          cause);
    }
    return retryable("could not do it", said, cause);
  }

  private QueueException fault(String what, String said, Throwable cause) {
    return fault(what + " (it said: " + said + ")", cause, false);
  }

  private QueueException retryable(String what, String said, Throwable cause) {
    return fault(what + " (it said: " + said + ")", cause, true);
  }

  private QueueException fault(String what, Throwable cause, boolean retryable) {
    return new QueueException("Redis at " + address + " " + what, cause, retryable);
  }

  static Throwable bare(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static boolean within(Throwable cause, Class<? extends Throwable> type) {
    for (Throwable c = cause; c != null; c = c.getCause()) {
      if (type.isInstance(c)) {
        return true;
      }
    }
    return false;
  }

  private static String deepest(Throwable cause) {
    Throwable c = cause;
    while (c.getCause() != null) {
      c = c.getCause();
    }
    return c.getMessage() == null ? c.getClass().getSimpleName() : c.getMessage();
  }
}
