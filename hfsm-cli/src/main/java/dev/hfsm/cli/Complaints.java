package dev.hfsm.cli;

import dev.hfsm.error.BlobStoreException;
import dev.hfsm.error.HfsmException;
import dev.hfsm.error.MalformedTextException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into one line on standard error and an exit code. */
final class Complaints implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
    if (!Interruption.isUnderWay()) {
      PrintWriter err = line.getErr();
      err.println("hfsm: " + Text.line(reason(e)));
      err.flush();
    }
    return e instanceof MalformedTextException ? Hfsm.USAGE : Hfsm.WRONG;
  }

  /** What to tell people: our own words as they are, anything else with its kind. */
  static String reason(Throwable e) {
    if (e instanceof BlobStoreException) {
      return BucketSettings.named(String.valueOf(e.getMessage()));
    }
    if (e instanceof HfsmException || e instanceof Complaint) {
      return String.valueOf(e.getMessage());
    }
    return e.getMessage() == null
        ? e.getClass().getSimpleName()
        : e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  /** Something the user can put right. */
  static final class Complaint extends RuntimeException {
    Complaint(String message) {
      super(message);
    }
  }
}
