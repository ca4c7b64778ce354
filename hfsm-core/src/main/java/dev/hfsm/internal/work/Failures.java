package dev.hfsm.internal.work;

import dev.hfsm.error.HfsmException;
import dev.hfsm.model.Failure;
import java.time.Instant;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says of what was thrown what is worth keeping: no class names of ours, no stacks. */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** Errors that are not ours may pass (memory, a defect on one node), so they are tried again. */
  static Failure describe(Throwable failed, Instant at) {
    boolean retryable = !(failed instanceof HfsmException known) || known.retryable();
    String message = failed.getMessage() == null ? failed.toString() : failed.getMessage();
    if (!(failed instanceof HfsmException)) {
      LOG.debug("unexpected failure", failed);
      message = "unexpected " + failed.getClass().getSimpleName() + ": " + message;
    }
    return new Failure(code(failed), message, retryable, at);
  }

  /** A stable code from the kind of failure, for instance {@code limit-exceeded}. */
  private static String code(Throwable failed) {
    if (failed instanceof OutOfMemoryError) {
      return "out-of-memory";
    }
    if (!(failed instanceof HfsmException)) {
      return "unexpected";
    }
    return failed
        .getClass()
        .getSimpleName()
        .replaceFirst("Exception$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }
}
