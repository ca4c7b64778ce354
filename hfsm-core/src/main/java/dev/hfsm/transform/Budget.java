package dev.hfsm.transform;

import dev.hfsm.error.LimitExceededException;
import dev.hfsm.error.TransformationException;

/**
 * What one inspection or transformation may use: limits, time and memory. Thread-safe. Every loop
 * over untrusted input and every stream it reads calls {@link #check} at least once per few
 * milliseconds of work.
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

  /** A share of memory. */
  interface Memory extends AutoCloseable {
    /** Gives the share back; never throws for being called twice. */
    @Override
    void close();
  }
}
