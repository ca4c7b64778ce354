package dev.hfsm.internal.work;

import dev.hfsm.internal.Settings;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.ClaimRequest.Suspects;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims work on one thread, as much as the hands can begin soon, when it hears of some and now and
 * then unasked. Work that is suspected of having killed its worker is claimed one piece at a time:
 * it takes no other suspect with it.
 */
final class Claimer {

  private static final Logger LOG = LoggerFactory.getLogger(Claimer.class);

  /** While a suspect is under way the next one may wait for it. */
  private static final Duration SOON = Duration.ofMillis(100);

  /** Hints of other nodes may be lost without a word: the queue is not believed for longer. */
  private static final long BELIEVED_NANOS = WorkChores.RECONCILE_EVERY.toNanos();

  private static final long OVERFLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Settings settings;
  private final Bell bell;
  private final Hands hands;
  private final WorkRunner runner;
  private final Announcer announcer;
  private final Vitals vitals;
  private final Outage outage;
  private final Outage queueOutage;
  private final CountDownLatch closing;
  private final Allowances allowances;
  private volatile boolean suspectsFreed = true;
  private volatile boolean well = true;
  private boolean suspectOut;
  private long suspectsLookedAt;
  private long lookedPastQueue = System.nanoTime();
  private long toldOfOverflow = System.nanoTime() - OVERFLOW_NANOS;

  Claimer(
      Settings settings,
      Bell bell,
      Hands hands,
      WorkRunner runner,
      Announcer announcer,
      Vitals vitals,
      Outage outage,
      CountDownLatch closing) {
    this.settings = settings;
    this.bell = bell;
    this.hands = hands;
    this.runner = runner;
    this.announcer = announcer;
    this.vitals = vitals;
    this.outage = outage;
    this.queueOutage = new Outage("asking the queue", vitals, closing);
    this.closing = closing;
    this.allowances = new Allowances(settings.rates(), settings.clock());
  }

  /** Leases were found expired: what was under them is suspected now. */
  void suspectsFreed() {
    suspectsFreed = true;
    bell.ring();
  }

  /** Whether work that is announced now will be begun here without delay. */
  boolean canBeginMore() {
    return room() > 0;
  }

  /** How much more work will be begun here without delay, whatever its kind. */
  int room() {
    return well ? Math.min(hands.room(), hands.room(WorkKind.DERIVE)) : 0;
  }

  /** Claims until the pipeline closes. */
  void run() throws InterruptedException {
    while (closing.getCount() > 0) {
      try {
        claim();
      } catch (RuntimeException | Error e) {
        well = false;
        outage.bear(e);
      }
    }
  }

  private void claim() throws InterruptedException {
    if (hands.awaitRoom(settings.poll()) == 0) {
      return;
    }
    long heard = bell.heard();
    claimSuspect();
    int room = hands.room();
    WorkQueue queue = settings.queue();
    if (room > 0 && queue != null && hands.room(WorkKind.DERIVE) > 0) {
      claimHinted(queue, room, heard);
    } else if (room > 0) {
      // Hints cannot be asked for by their kind: while no variant can be begun the ledger is asked.
      claimDue(room, heard);
    }
  }

  private void claimDue(int room, long heard) throws InterruptedException {
    boolean renders = hands.room(WorkKind.DERIVE) > 0;
    if (mayBeMore(allowances.open(), room)) {
      tellOfOverflow();
    } else if (closing.getCount() > 0) {
      boolean unheard = !renders && settings.queue() != null;
      bell.await(heard, allowances.untilMore(unheard ? SOON : settings.poll()));
    }
  }

  /** Claims what is due of {@code kinds}; false if nothing is left of it. */
  private boolean mayBeMore(Set<WorkKind> kinds, int room) {
    int renders = hands.room(WorkKind.DERIVE);
    if (renders <= 0) {
      kinds.remove(WorkKind.DERIVE);
    }
    int some = kinds.contains(WorkKind.DERIVE) ? Math.min(room, renders) : room;
    int most = allowances.leftOfEach(kinds, some);
    if (most <= 0) {
      return false;
    }
    ClaimRequest due = ClaimRequest.due(settings.worker(), kinds, most, settings.lease());
    return ask(due, Suspects.EXCLUDED).size() == most;
  }

  private List<Claim> ask(ClaimRequest request, Suspects suspects) {
    long asked = System.nanoTime();
    List<Claim> claims = settings.ledger().work().claim(request.with(suspects));
    well = true;
    vitals.claimed();
    outage.ledgerAnswered();
    WorkRunner.ClaimKind kind =
        suspects == Suspects.ONLY ? WorkRunner.ClaimKind.SUSPECT : WorkRunner.ClaimKind.ORDINARY;
    claims.forEach(claim -> allowances.use(claim.lease().subject().kind()));
    runner.accept(claims, asked, kind);
    return claims;
  }

  /** The next suspect, as soon as the one before has come to its end. */
  private void claimSuspect() {
    if (hands.hasSuspect()) {
      return;
    }
    long now = System.nanoTime();
    boolean due = now - suspectsLookedAt >= settings.poll().toNanos();
    if (!suspectOut && !suspectsFreed && !due) {
      return;
    }
    Set<WorkKind> kinds = allowances.open();
    if (kinds.isEmpty()) {
      return;
    }
    suspectsFreed = false;
    suspectsLookedAt = now;
    ClaimRequest one = ClaimRequest.due(settings.worker(), kinds, 1, settings.lease());
    suspectOut = !ask(one, Suspects.ONLY).isEmpty();
  }

  private void claimHinted(WorkQueue queue, int room, long heard) throws InterruptedException {
    long asked = System.nanoTime();
    boolean refuses = announcer.queueRefuses();
    List<Hint> hints;
    try {
      // What it has is taken, which makes room; but what comes up is not heard of from it.
      hints = queue.poll(room, refuses ? Duration.ZERO : suspectOut ? SOON : settings.poll());
      queueOutage.over();
    } catch (RuntimeException e) {
      // The ledger is the truth: without hints it is asked now and then what is due.
      queueOutage.note(e);
      claimDue(room, heard);
      return;
    }
    if (!hints.isEmpty()) {
      claimAbout(queue, hints);
    } else if (refuses
        || !suspectOut && System.nanoTime() - asked < settings.poll().toNanos() / 2) {
      claimDue(room, heard); // a queue that answers at once with nothing has been closed
    }
    lookPast(queue);
  }

  /** Now and then what is due of the kinds that may skip the queue. */
  private void lookPast(WorkQueue queue) {
    long now = System.nanoTime();
    int room = hands.room();
    if (now - lookedPastQueue >= BELIEVED_NANOS && room > 0) {
      Set<WorkKind> kinds = allowances.open();
      kinds.removeIf(kind -> !queue.maySkip(kind));
      // More than there is room for: the next look is soon.
      lookedPastQueue = mayBeMore(kinds, room) ? now - BELIEVED_NANOS : now;
    }
  }

  private void claimAbout(WorkQueue queue, List<Hint> hints) {
    List<Subject> subjects = new ArrayList<>();
    List<Hint> tooMany = new ArrayList<>();
    Map<WorkKind, Integer> wanted = new EnumMap<>(WorkKind.class);
    for (Hint hint : hints) {
      WorkKind kind = hint.subject().kind();
      if (wanted.merge(kind, 1, Integer::sum) <= allowances.left(kind, hints.size())) {
        subjects.add(hint.subject());
      } else {
        Instant then = settings.clock().instant().plus(allowances.untilMore(settings.poll()));
        tooMany.add(new Hint(hint.subject(), then, hint.priority()));
      }
    }
    if (!subjects.isEmpty()) {
      ask(
          ClaimRequest.about(
              settings.worker(), subjects.stream().distinct().toList(), settings.lease()),
          Suspects.EXCLUDED);
    }
    try {
      if (!tooMany.isEmpty()) {
        queue.offer(tooMany);
      }
      // From here on the ledger remembers. A hint that led to no claim is one the ledger does not
      // owe, or it is about a suspect: those are looked for without hints.
      queue.ack(hints);
    } catch (RuntimeException e) {
      queueOutage.note(e);
    }
  }

  private void tellOfOverflow() {
    long now = System.nanoTime();
    if (now - toldOfOverflow >= OVERFLOW_NANOS) {
      toldOfOverflow = now;
      LOG.debug("there may be more work than this node can begin");
      announcer.tooMuch();
    }
  }
}
