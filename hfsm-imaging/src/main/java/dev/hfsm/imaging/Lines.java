package dev.hfsm.imaging;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Lines of steps: the steps of one line are run one after another in their order, those of
 * different lines by whoever has time, the thread that made this one among them. What comes out
 * does not depend on who ran what. A helper that finds nothing to do goes away at once, and one
 * that never comes is not missed. After {@link #close} no step is running nor will one begin.
 */
final class Lines implements AutoCloseable {

  /** A piece of work of at most some milliseconds. */
  interface Step {
    void run() throws IOException;
  }

  private static final class Line {
    private final Deque<Step> waiting = new ArrayDeque<>();
    private boolean busy;

    int unfinished() {
      return waiting.size() + (busy ? 1 : 0);
    }
  }

  private final Helpers helpers;
  private final List<Line> lines = new ArrayList<>();
  private int coming;
  private @Nullable Throwable failure;

  Lines(Helpers helpers, int count) {
    this.helpers = helpers;
    for (int i = 0; i < count; i++) {
      lines.add(new Line());
    }
  }

  /** Adds a step to the end of a line. */
  void add(int line, Step step) {
    boolean call;
    synchronized (this) {
      lines.get(line).waiting.add(step);
      call = coming < helpers.most();
      coming += call ? 1 : 0;
    }
    if (call) {
      try {
        helpers.executor().execute(this::help);
      } catch (RejectedExecutionException e) {
        gone();
      }
    }
  }

  private void help() {
    try {
      while (runOne()) {}
    } finally {
      gone();
    }
  }

  private synchronized void gone() {
    coming--;
  }

  /** Works until no line has more than so many steps left, and throws what a step has thrown. */
  void await(int left) throws IOException {
    while (anyBeyond(left)) {
      if (!runOne()) {
        pause(left);
      }
    }
    Throwable thrown = failure();
    if (thrown instanceof IOException e) {
      throw e;
    }
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  private synchronized boolean anyBeyond(int left) {
    return lines.stream().anyMatch(line -> line.unfinished() > left);
  }

  private synchronized @Nullable Throwable failure() {
    return failure;
  }

  /** Runs the next step of the line that has most of them; tells whether there was one. */
  private boolean runOne() {
    Line line;
    Step step;
    synchronized (this) {
      line = longest();
      if (line == null) {
        return false;
      }
      line.busy = true;
      step = line.waiting.remove();
    }
    Throwable thrown = null;
    try {
      step.run();
    } catch (IOException | RuntimeException | Error e) {
      thrown = e;
    }
    synchronized (this) {
      line.busy = false;
      if (thrown != null) {
        failure = failure == null ? thrown : failure;
        drop();
      }
      notifyAll();
    }
    return true;
  }

  private @Nullable Line longest() {
    Line longest = null;
    for (Line line : lines) {
      boolean ready = !line.busy && !line.waiting.isEmpty();
      if (ready && (longest == null || line.waiting.size() > longest.waiting.size())) {
        longest = line;
      }
    }
    return longest;
  }

  /** What one step has broken is of no use to others. */
  private void drop() {
    for (Line line : lines) {
      line.waiting.clear();
    }
  }

  /** Waits for steps that others run; they end by themselves, and an interrupt is for later. */
  private void pause(int left) {
    boolean interrupted = false;
    synchronized (this) {
      while (anyBeyond(left) && longest() == null) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      drop();
    }
    pause(0);
  }
}
