package dev.hfsm.ledger;

import dev.hfsm.error.LedgerException;
import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells all who share a ledger that something was committed, as far as the medium carries: the
 * nodes on one PostgreSQL, the pipelines over one ledger object elsewhere. Rings may be lost,
 * merged and doubled: whoever hears nothing looks again now and then all the same. Thread-safe.
 */
public interface LedgerBell {

  /**
   * Rings for each of these, after what they tell of was committed. Returns when the medium has
   * them; never waits for a listener.
   *
   * @throws LedgerException if the medium cannot be reached; nothing is lost by it but time
   */
  void ring(Collection<Ring> rings);

  /**
   * Begins to listen. What is rung from now on is heard, by this listener too if it is its own
   * pipeline that rings.
   *
   * @throws LedgerException if the medium cannot be reached
   */
  Listening listen();

  /** One who listens. For one thread at a time. */
  interface Listening extends AutoCloseable {

    /**
     * Waits until something is heard, but no longer than {@code atMost}.
     *
     * @return what was heard since the last call, or nothing
     * @throws LedgerException if the medium broke off: close this, and listen anew. Rings may have
     *     been missed.
     */
    List<Ring> await(Duration atMost) throws InterruptedException;

    /**
     * Stops listening, and wakes whoever waits: it hears nothing, or that the listening broke off.
     * Never throws for being called twice.
     */
    @Override
    void close();
  }

  /**
   * Something that was committed.
   *
   * @param kind what
   * @param subject what it is about, or null if that is not said: it can be anything
   */
  record Ring(Kind kind, @Nullable Subject subject) {

    /** Work is due, somewhere. */
    public static final Ring OWED = new Ring(Kind.OWED, null);

    /** The log of removals has grown. */
    public static final Ring REMOVED = new Ring(Kind.REMOVED, null);

    /** Work about {@code subject} has come to an end. */
    public static Ring settled(Subject subject) {
      return new Ring(Kind.SETTLED, subject);
    }
  }

  /** What can be rung for. */
  enum Kind {
    /** Work is due. */
    OWED,
    /** Work has come to an end, done or given up. */
    SETTLED,
    /** Something is in the log of removals that was not there before. */
    REMOVED
  }
}
