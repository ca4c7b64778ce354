package dev.hfsm.redis;

import dev.hfsm.error.QueueException;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.Rate;
import dev.hfsm.queue.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue in Redis 6.2 or newer, for the workers of any number of nodes. Thread-safe. Each
 * operation is one script, so each is done whole or not at all. A waiting poll is woken by what is
 * offered anywhere and does not ask in between, but for a look each second.
 *
 * <p>A hint that was polled and not acknowledged is due again after a while; it is kept by the
 * server's clock alone. When a hint is due is told by the difference to the offering node's clock,
 * so nodes and Redis need not agree about the time. Times count in milliseconds.
 *
 * <p>Redis may be restarted empty, flushed, cut off or full: hints are lost then, and the ledger
 * offers again what it owes. Methods throw {@link QueueException} when Redis does not answer within
 * the time-out; while it is known to be away, {@link #offer} and {@link #poll} do so at once.
 *
 * <p>How it lies in Redis, and which settings Redis needs: docs/redis.md.
 */
public final class RedisWorkQueue implements WorkQueue {

  private static final Logger LOG = LoggerFactory.getLogger(RedisWorkQueue.class);

  /** More in one script would keep others from Redis for more than a few milliseconds. */
  private static final int BATCH = 500;

  /** As {@code poll.lua} tells which kinds are under a rule: the first bit is the first kind. */
  private static final long ALL_KINDS = (1L << WorkKind.values().length) - 1;

  /** A look unasked heals whatever was not heard. */
  private static final long LOOK_AGAIN = TimeUnit.SECONDS.toNanos(1);

  private static final long SAY_AGAIN = TimeUnit.MINUTES.toNanos(1);

  private final Keys keys;
  private final InstantSource clock;
  private final Supplier<Duration> ahead;
  private final int maxHints;
  private final Duration redelivery;
  private final Duration timeout;
  private final Wakeups wakeups = new Wakeups();
  private final Link link;
  private final Gathering<Hint> offers = new Gathering<>(BATCH, this::sendOffers);
  private final Acknowledging acks = new Acknowledging(BATCH, this::sendAcks);
  private volatile long ruled = ALL_KINDS;
  private volatile Quiet quiet = new Quiet(-1, 0);
  private volatile boolean closed;
  private volatile long saidFull = System.nanoTime() - SAY_AGAIN;

  /**
   * A queue that has asked nothing of the server yet.
   *
   * @param clock what time it is on this node
   * @param ahead how far the server's clock is to be set forward
   */
  RedisWorkQueue(
      Server server,
      Keys keys,
      int maxHints,
      Duration redelivery,
      Duration timeout,
      InstantSource clock,
      Supplier<Duration> ahead) {
    this.keys = keys;
    this.maxHints = maxHints;
    this.redelivery = redelivery;
    this.timeout = timeout;
    this.clock = clock;
    this.ahead = ahead;
    this.link = new Link(server, keys, timeout, wakeups::ring);
  }

  /** Describes a queue. */
  public static RedisQueueBuilder builder() {
    return new RedisQueueBuilder();
  }

  /**
   * Looks whether Redis can be reached and is fit for its purpose. A Redis that throws away what it
   * was given when its memory is full is not, although a queue can be opened there.
   *
   * @throws QueueException if not, saying which setting helps
   */
  public void check() {
    prove();
    await(link.insistOnKeeping());
  }

  /** Looks whether a queue can be had at all. */
  void prove() {
    await(link.session());
    for (WorkKind kind : WorkKind.values()) {
      stats(kind);
    }
  }

  @Override
  public void offer(List<Hint> hints) {
    if (!closed && !hints.isEmpty()) {
      acks.sendAlone(); // first: they make room
      await(offers.add(hints));
    }
  }

  private CompletableFuture<?> sendOffers(List<Hint> hints) {
    Map<Subject, Hint> once = new LinkedHashMap<>();
    hints.forEach(hint -> once.merge(hint.subject(), hint, RedisWorkQueue::merged));
    Instant now = clock.instant();
    List<String> arguments = new ArrayList<>(4 + 3 * once.size());
    arguments.add(Long.toString(ahead.get().toMillis()));
    arguments.add(Long.toString(now.toEpochMilli()));
    arguments.add(Integer.toString(maxHints));
    arguments.add(keys.bell());
    for (Hint hint : once.values()) {
      arguments.add(hint.subject().toString());
      arguments.add(HintText.time(hint.notBefore(), now));
      arguments.add(Integer.toString(hint.priority()));
    }
    return link.runPromptly(Script.OFFER, arguments)
        .thenAccept(answer -> sayIfFull((Long) answer.get(0)));
  }

  private static Hint merged(Hint a, Hint b) {
    Instant first = a.notBefore().isBefore(b.notBefore()) ? a.notBefore() : b.notBefore();
    return new Hint(a.subject(), first, Math.max(a.priority(), b.priority()));
  }

  private void sayIfFull(long dropped) {
    long now = System.nanoTime();
    if (dropped > 0 && now - saidFull >= SAY_AGAIN) {
      saidFull = now;
      LOG.warn(
          "{} hints were dropped, {} holds {} of a kind; the ledger will offer the work again",
          dropped,
          keys,
          maxHints);
    }
  }

  @Override
  public List<Hint> poll(int max, Duration maxWait) {
    if (max < 1) {
      throw new IllegalArgumentException("max: expected 1 or more, found " + max);
    }
    long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(maxWait);
    try {
      while (!closed) {
        awaitSome(end);
        long heard = wakeups.heard();
        Polled polled = look(max);
        if (polled.isAll()) {
          quiet = new Quiet(heard, System.nanoTime() + polled.lookAgain());
        }
        if (!polled.hints().isEmpty() || end - System.nanoTime() <= 0) {
          return polled.hints();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (QueueException e) {
      if (!closed) {
        throw e;
      }
    }
    return List.of();
  }

  /**
   * Nothing was left to be had after the bell had rung so often, nor will be before that time
   * unless it rings again.
   */
  private record Quiet(long heard, long until) {}

  /** Asking is no use while it is known that there is nothing. */
  private void awaitSome(long end) throws InterruptedException {
    Quiet known = quiet;
    long now = System.nanoTime();
    long left = Math.min(end - now, known.until() - now);
    if (left > 0 && wakeups.heard() == known.heard()) {
      wakeups.await(known.heard(), left);
      link.lookAfterBell();
    }
  }

  /**
   * @param isAll whether there was nothing beyond
   * @param lookAgain in how many nanoseconds that is worth while, if there was not
   */
  private record Polled(List<Hint> hints, boolean isAll, long lookAgain) {}

  private Polled look(int max) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    int most = Math.min(max, BATCH);
    AtomicBoolean wanted = new AtomicBoolean(true);
    CompletableFuture<List<Object>> answer =
        acks.along(done -> link.runPromptly(Script.POLL, pollArguments(most, done), wanted::get));
    Polled polled;
    try {
      polled = polled(answer.get(), most);
    } catch (ExecutionException e) {
      throw again(e.getCause());
    } catch (InterruptedException e) {
      wanted.set(false);
      answer.thenAccept(late -> giveBack(polled(late, most).hints()));
      throw e;
    }
    if (closed) {
      giveBack(polled.hints());
      return new Polled(List.of(), false, 0);
    }
    return polled;
  }

  private List<String> pollArguments(int most, List<Hint> done) {
    List<String> arguments = new ArrayList<>(4 + done.size());
    arguments.add(Long.toString(ahead.get().toMillis()));
    arguments.add(Integer.toString(most));
    arguments.add(Long.toString(redelivery.toMillis()));
    arguments.add(keys.bell());
    done.forEach(hint -> arguments.add(HintText.of(hint)));
    return arguments;
  }

  private Polled polled(List<Object> answer, int most) {
    long millis = (Long) answer.get(0);
    long lookAgain = millis < 0 ? LOOK_AGAIN : TimeUnit.MILLISECONDS.toNanos(millis);
    int end = answer.size() - 1;
    ruled = (Long) answer.get(end);
    List<Hint> hints =
        answer.subList(1, end).stream().map(text -> HintText.parse((String) text)).toList();
    boolean isAll = hints.isEmpty() || hints.size() < most && ruled == 0;
    return new Polled(hints, isAll, Math.min(LOOK_AGAIN, lookAgain));
  }

  /** Nobody will act upon them here, so others need not wait until they are due again. */
  private void giveBack(List<Hint> hints) {
    if (!hints.isEmpty()) {
      offers.add(hints);
      acks.add(hints);
      acks.sendAlone();
    }
  }

  /** Does not wait: an acknowledgement that is lost costs a second delivery. */
  @Override
  public void ack(List<Hint> done) {
    if (!closed && !done.isEmpty()) {
      acks.add(done);
    }
  }

  private CompletableFuture<?> sendAcks(List<Hint> hints) {
    return link.runPromptly(Script.ACK, hints.stream().map(HintText::of).toList());
  }

  /** Yes for kinds that were neither paused nor limited when this node polled last. */
  @Override
  public boolean maySkip(WorkKind kind) {
    return (ruled & 1L << kind.ordinal()) == 0;
  }

  /**
   * From now on no hint of this kind is given out, on any node. Work is found without hints as
   * well: to hold up work itself, pause it in the ledger. Forgotten with all else if Redis comes
   * back empty.
   */
  public void pause(WorkKind kind) {
    rule(kind, "paused", "1");
  }

  /** Ends a pause. */
  public void resume(WorkKind kind) {
    rule(kind, "paused", "");
  }

  /** The kinds that are paused in this queue. */
  public Set<WorkKind> paused() {
    Set<WorkKind> kinds = EnumSet.noneOf(WorkKind.class);
    for (WorkKind kind : WorkKind.values()) {
      if (stats(kind).state() == KindStats.State.PAUSED) {
        kinds.add(kind);
      }
    }
    return kinds;
  }

  /**
   * From now on so many hints of this kind are given out, over all nodes. Work is found without
   * hints as well: what each node may do at most is set on its pipeline.
   */
  public void limit(WorkKind kind, Rate rate) {
    rule(kind, "limit", rate.count() + " " + rate.window().toMillis());
  }

  /** Ends a limit. */
  public void unlimit(WorkKind kind) {
    rule(kind, "limit", "");
  }

  private void rule(WorkKind kind, String rule, String value) {
    await(link.run(Script.RULE, List.of(name(kind), rule, value, keys.bell())));
  }

  private static String name(WorkKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** What the queue holds of a kind, and has counted of it. */
  public KindStats stats(WorkKind kind) {
    await(acks.quiet());
    List<Object> found = await(link.run(Script.STATS, List.of(name(kind))));
    long[] n = found.stream().limit(10).mapToLong(Long.class::cast).toArray();
    String[] limit = ((String) found.get(10)).split(" ");
    return new KindStats(
        n[0],
        n[1],
        n[2],
        n[3],
        n[4],
        n[5],
        n[6],
        n[7],
        n[8],
        n[9] == 0 ? KindStats.State.OPEN : KindStats.State.PAUSED,
        limit.length < 2
            ? null
            : new Rate(Integer.parseInt(limit[0]), Duration.ofMillis(Long.parseLong(limit[1]))));
  }

  /** Waits for what comes to its end soon; an interrupt stays set. */
  private static <T> T await(CompletableFuture<T> answer) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return answer.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw again(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The same failure from where it is noticed, because one failure can be told to many. */
  private static QueueException again(Throwable failure) {
    Throwable cause = Faults.bare(failure);
    return cause instanceof QueueException fault
        ? new QueueException(String.valueOf(fault.getMessage()), fault, fault.retryable())
        : new QueueException("unexpected: " + cause, cause, false);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    wakeups.ring();
    settle(offers.quiet());
    settle(acks.quiet());
    link.close();
  }

  private void settle(CompletableFuture<?> quiet) {
    try {
      quiet.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("not all was sent before the close: {}", e.toString());
    }
  }
}
