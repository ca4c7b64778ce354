package dev.hfsm.reliability.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever waits for a child that has failed hears of the failure, and does not wait in vain. */
@Timeout(600)
class ChildTest {

  /** Does what it is told in a thread of its own, and waits for the next word for ever. */
  static final class Failing {
    private Failing() {}

    public static void main(String[] arguments) {
      Parent parent = Parent.listen();
      Parent.tell("ready");
      switch (parent.next()) {
        case "die" ->
            new Thread(
                    () -> {
                      throw new IllegalStateException("two\nlines");
                    },
                    "worker")
                .start();
        case "tell" -> Parent.failed("a task", new IllegalStateException("of mine"));
        default -> Runtime.getRuntime().halt(7);
      }
      parent.next();
    }
  }

  private static Child told(String what) {
    Child child = Child.start(Failing.class, List.of());
    child.await("ready", Factory.PATIENCE);
    child.say(what);
    return child;
  }

  @Test
  void aThreadThatDiesEndsTheChildAndIsHeardOfAtOnce() {
    try (Child child = told("die")) {
      assertThatThrownBy(() -> child.await("anything else", Factory.PATIENCE))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("failed worker: java.lang.IllegalStateException: two lines");
      assertThat(child.exit(Factory.PATIENCE)).isEqualTo(4);
    }
  }

  @Test
  void aTaskThatFailsIsHeardOfAtOnce() {
    try (Child child = told("tell")) {
      assertThatThrownBy(() -> child.await("anything else", Factory.PATIENCE))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("failed a task: java.lang.IllegalStateException: of mine");
    }
  }

  @Test
  void aChildThatEndsWithoutAWordIsNotWaitedFor() {
    try (Child child = told("end")) {
      assertThatThrownBy(() -> child.await("anything else", Factory.PATIENCE))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ended with 7");
    }
  }
}
