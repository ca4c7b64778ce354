package dev.hfsm.redis;

import static dev.hfsm.redis.Hints.inspections;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.queue.Hint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AcknowledgingTest {

  private static final int BATCH = 10;

  private final List<List<Hint>> sent = new ArrayList<>();
  private final Deque<Runnable> soon = new ArrayDeque<>();
  private final Acknowledging acks = new Acknowledging(BATCH, this::send, soon::add);

  private CompletableFuture<?> send(List<Hint> hints) {
    sent.add(List.copyOf(hints));
    return CompletableFuture.completedFuture(null);
  }

  @Test
  void aPollTakesAlongWhatWaits() {
    List<Hint> hints = inspections(3);
    acks.add(hints.subList(0, 2));
    acks.add(hints.subList(2, 3));
    assertThat(acks.take()).isEqualTo(hints);
    assertThat(acks.take()).isEmpty();
    soon.remove().run();
    assertThat(sent).isEmpty();
  }

  @Test
  void whatNoPollHasTakenAlongGoesByItselfAfterAWhile() {
    List<Hint> hints = inspections(3);
    acks.add(hints.subList(0, 2));
    acks.add(hints.subList(2, 3));
    assertThat(soon).as("one wait for all").hasSize(1);
    soon.remove().run();
    assertThat(sent).containsExactly(hints);
    acks.add(hints);
    assertThat(soon).as("the next wait").hasSize(1);
  }

  @Test
  void asManyAsGoTogetherWaitForNobody() {
    List<Hint> hints = inspections(BATCH + 2);
    acks.add(hints.subList(0, 4));
    acks.add(hints.subList(4, hints.size()));
    assertThat(sent).containsExactly(hints.subList(0, BATCH), hints.subList(BATCH, BATCH + 2));
    assertThat(acks.take()).isEmpty();
  }

  @Test
  void whoLeavesSendsWhatIsLeft() {
    List<Hint> hints = inspections(2);
    acks.add(hints);
    acks.quiet().join();
    assertThat(sent).containsExactly(hints);
  }
}
