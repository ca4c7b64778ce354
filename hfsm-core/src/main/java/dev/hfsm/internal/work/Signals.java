package dev.hfsm.internal.work;

import dev.hfsm.model.Subject;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * Tells callers of this process that work about their subject has come to an end, so that they need
 * not poll. Work that another process finishes is signalled as far as this one listens, and a
 * signal may be lost: callers look again after {@link #lookAgain}.
 */
public final class Signals {

  private static final Duration HEARING_THIS_NODE = Duration.ofMillis(200);
  private static final Duration HEARING_ALL = Duration.ofSeconds(1);

  private final ConcurrentMap<Subject, Waiters> bySubject = new ConcurrentHashMap<>();
  private volatile Consumer<Subject> listener = subject -> {};
  private volatile Consumer<FoundVariant> early = made -> {};
  private volatile Duration lookAgain = HEARING_THIS_NODE;

  private static final class Waiters {
    final Bell bell = new Bell();
    int count;
  }

  /** Someone who waits; register before looking, so that nothing is missed in between. */
  public final class Waiter implements AutoCloseable {
    private final Subject subject;
    private final Waiters waiters;
    private final long heard;

    private Waiter(Subject subject, Waiters waiters) {
      this.subject = subject;
      this.waiters = waiters;
      this.heard = waiters.bell.heard();
    }

    /** Waits until the subject is signalled, but no longer than {@code atMost}. */
    public void await(Duration atMost) throws InterruptedException {
      waiters.bell.await(heard, atMost);
    }

    @Override
    public void close() {
      bySubject.computeIfPresent(subject, (s, w) -> --w.count == 0 ? null : w);
    }
  }

  /** Begins to listen for a subject. */
  public Waiter listen(Subject subject) {
    Waiters waiters =
        bySubject.compute(
            subject,
            (s, known) -> {
              Waiters w = known == null ? new Waiters() : known;
              w.count++;
              return w;
            });
    return new Waiter(subject, waiters);
  }

  /** Whom to tell of every subject that is signalled, besides those who listen for it. */
  public void tell(Consumer<Subject> everyone) {
    listener = everyone;
  }

  /** Whom to tell of every variant that was made here, before it is stored. */
  public void tellEarly(Consumer<FoundVariant> everyone) {
    early = everyone;
  }

  /** Wakes everyone who listens for a variant that was made here: its bytes are to be had. */
  void made(FoundVariant made) {
    early.accept(made);
    wake(Subject.derive(made.row().asset(), made.row().key()));
  }

  /** Wakes everyone who listens for the subject. */
  public void signal(Subject subject) {
    listener.accept(subject);
    wake(subject);
  }

  /** Wakes everyone who listens for the subject, though its work has not come to an end. */
  void wake(Subject subject) {
    Waiters waiters = bySubject.get(subject);
    if (waiters != null) {
      waiters.bell.ring();
    }
  }

  /** Wakes everyone who listens for anything. */
  public void signalAll() {
    bySubject.values().forEach(waiters -> waiters.bell.ring());
  }

  /** How long to wait for a signal before looking again without one. */
  public Duration lookAgain() {
    return lookAgain;
  }

  /** Whether signals of other processes come through. */
  void hearsAll(boolean all) {
    lookAgain = all ? HEARING_ALL : HEARING_THIS_NODE;
  }
}
