package dev.hfsm.transform;

import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.TransformationException;
import java.time.Duration;

/**
 * What one inspection or transformation may use: limits, time and memory; and where it tells what
 * it used. Thread-safe. Every loop over untrusted input and every stream it reads calls {@link
 * #check} at least once per few milliseconds of work.
 */
public interface Budget {

  /** What the source may be. */
  Limits limits();

  /**
   * Returns if there is time left.
   *
   * @throws TransformationException retryable, if the deadline has passed, the lease was lost or
   *     the pipeline is closing
   */
  void check();

  /**
   * Takes a share of the memory that all transformations of this JVM have together, waiting for it
   * in turn; closing gives it back.
   *
   * @param bytes how much, at most {@link #largest()}
   * @throws LimitExceededException retryable, if the deadline passes before it is free, or if
   *     {@code bytes} is more than {@link #largest()}
   */
  Memory reserve(long bytes);

  /** The most that {@link #reserve} can give, in bytes. */
  long largest();

  /**
   * Does a part of the work on the calling thread, and counts the processor time that takes towards
   * what the work costs. For threads that help: what the thread uses that calls the transformer is
   * counted in any case, and only once if it calls this. A budget that counts nothing, as this
   * does, only runs the part.
   *
   * @param part what it throws is thrown
   */
  default void help(Runnable part) {
    part.run();
  }

  /**
   * Counts processor time that others have used for this work than threads of this process: a child
   * process, as {@link ProcessHandle.Info#totalCpuDuration} tells while it lives. A budget that
   * counts nothing, as this does, ignores it.
   *
   * @param cpu user and system time together, not negative
   */
  default void charge(Duration cpu) {}

  /**
   * Tells how much of a transformation's time was taken by a stage, for whoever waits for it and
   * wonders. May be told in parts, by any thread. Who tells nothing leaves it open; a budget that
   * nobody asks, as this one, ignores it.
   *
   * @param time that passed, of all variants that are made together; what threads do beside one
   *     another is added up
   */
  default void took(Stage stage, Duration time) {}

  /** A share of memory. */
  interface Memory extends AutoCloseable {
    /** Gives the share back; never throws for being called twice. */
    @Override
    void close();
  }
}
