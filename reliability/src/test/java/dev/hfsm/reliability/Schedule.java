package dev.hfsm.reliability;

import dev.hfsm.error.HfsmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs actors one step at a time. An actor stops before every contract call and goes on when it is
 * chosen, so a run is determined by the order of choices alone: it can be repeated, and varied.
 */
final class Schedule {

  /** Looks at the world after a step, or in the end, and says what is wrong. */
  interface Check extends Supplier<List<String>> {}

  /** What an actor does; it throws what it likes, which ends it. */
  interface Script {
    void run() throws Exception;
  }

  /** A moment at which somebody had to be chosen. */
  record Choice(int chosen, List<Integer> ready, int switches) {}

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "actor");
            thread.setDaemon(true);
            return thread;
          });

  private final class Actor {
    final String name;
    final Script script;
    final Semaphore go = new Semaphore(0);
    boolean started;
    boolean ended;
    String at = "start";
    @Nullable Throwable end;

    Actor(String name, Script script) {
      this.name = name;
      this.script = script;
    }

    private void play() {
      current.set(this);
      try {
        go.acquireUninterruptibly();
        script.run();
      } catch (Throwable thrown) {
        end = thrown;
      } finally {
        current.remove();
        ended = true;
        story.add(name + ": " + (end == null ? "done" : "ended by " + end));
        pass(null);
      }
    }
  }

  private final List<Actor> actors = new ArrayList<>();
  private final Semaphore over = new Semaphore(0);
  private final ThreadLocal<Actor> current = new ThreadLocal<>();
  private final List<Choice> choices = new ArrayList<>();
  private final List<String> story = new ArrayList<>();
  private List<Integer> prefix = List.of();
  private Check afterEach = List::of;
  private List<String> wrong = List.of();
  private int last = -1;
  private int switches;

  void actor(String name, Script script) {
    actors.add(new Actor(name, script));
  }

  /** The gate for all actors: stops whoever comes along, unless it is merely ringing. */
  Object gate(String call, Contracts.Call proceed) throws Throwable {
    if (!call.startsWith("bell.")) {
      stop(call);
    }
    return proceed.now();
  }

  /** Waits until the actor on this thread is chosen again. */
  void stop(String before) {
    Actor actor = current.get();
    if (actor == null) {
      return; // not on stage: whoever sets up or clears up
    }
    actor.at = before;
    if (pass(actor) != actor) {
      actor.go.acquireUninterruptibly();
    }
  }

  /**
   * Plays all actors to their ends.
   *
   * @param prefix whom to choose first, or a negative number to draw one by lot; afterwards nobody
   *     is interrupted
   * @param afterEach looked at after each step
   * @return what is wrong, the first time something is
   */
  List<String> play(List<Integer> prefix, Check afterEach) {
    this.prefix = prefix;
    this.afterEach = afterEach;
    pass(null);
    over.acquireUninterruptibly();
    return wrong;
  }

  /**
   * Chooses who is next, on the thread of whoever has just stopped: only one runs at a time, and a
   * thread is woken only if the turn really changes.
   *
   * @param from who stopped, or null at the beginning and when an actor has come to its end
   */
  private @Nullable Actor pass(@Nullable Actor from) {
    if (!choices.isEmpty() && wrong.isEmpty()) {
      // After the first finding the actors are only led off the stage.
      wrong = afterEach.get();
    }
    List<Integer> ready = ready();
    if (ready.isEmpty()) {
      over.release();
      return null;
    }
    int step = choices.size();
    boolean goesOn = ready.contains(last);
    int wished = step < prefix.size() ? prefix.get(step) : goesOn ? last : ready.get(0);
    int chosen = wished >= 0 ? wished : ready.get(-wished % ready.size());
    choices.add(new Choice(chosen, ready, switches));
    switches += goesOn && chosen != last ? 1 : 0;
    last = chosen;
    Actor next = actors.get(chosen);
    story.add(next.name + ": " + next.at);
    if (next != from) {
      wake(next);
    }
    return next;
  }

  private static void wake(Actor actor) {
    if (!actor.started) {
      actor.started = true;
      THREADS.execute(actor::play);
    }
    actor.go.release();
  }

  private List<Integer> ready() {
    List<Integer> ready = new ArrayList<>();
    for (int i = 0; i < actors.size(); i++) {
      if (!actors.get(i).ended) {
        ready.add(i);
      }
    }
    return ready;
  }

  /** Every moment at which somebody had to be chosen, in order. */
  List<Choice> choices() {
    return choices;
  }

  /** What happened, a line a step. */
  String story() {
    return String.join("\n", story);
  }

  /** Errors that are no answer of the protocol: an actor's script itself is wrong then. */
  List<String> defects() {
    return actors.stream()
        .filter(a -> a.end != null && !(a.end instanceof HfsmException))
        .map(a -> a.name + " ended by " + a.end)
        .toList();
  }
}
