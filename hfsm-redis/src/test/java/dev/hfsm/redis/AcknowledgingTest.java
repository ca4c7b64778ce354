package dev.hfsm.redis;

import static dev.hfsm.redis.Hints.inspections;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  /** By a poll that is answered at once. */
  private List<Hint> taken() {
    return acks.along(CompletableFuture::completedFuture).join();
  }

  @Test
  void aPollTakesAlongWhatWaits() {
    List<Hint> hints = inspections(3);
    acks.add(hints.subList(0, 2));
    acks.add(hints.subList(2, 3));
    assertThat(taken()).isEqualTo(hints);
    assertThat(taken()).isEmpty();
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
    assertThat(taken()).isEmpty();
  }

  @Test
  void whoLeavesSendsWhatIsLeft() {
    List<Hint> hints = inspections(2);
    acks.add(hints);
    acks.quiet().join();
    assertThat(sent).containsExactly(hints);
  }

  @Test
  void whoLeavesWaitsForPollsThatHaveTakenSomethingAlong() {
    acks.add(inspections(2));
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> second = new CompletableFuture<>();
    CompletableFuture<String> empty = new CompletableFuture<>();
    acks.along(hints -> first);
    acks.add(inspections(1));
    acks.along(hints -> second);
    acks.along(hints -> empty);
    CompletableFuture<Void> quiet = acks.quiet();
    first.complete("answer");
    assertThat(quiet).isNotDone();
    second.completeExceptionally(new IllegalStateException("Redis is away"));
    assertThat(quiet).isCompleted();
    assertThat(sent).isEmpty();
  }

  @Test
  void aPollThatCouldNotBeginIsNotWaitedFor() {
    acks.add(inspections(2));
    assertThatThrownBy(
            () ->
                acks.along(
                    hints -> {
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    assertThat(acks.quiet()).isCompleted();
  }

  @Test
  void aPollTakesAlongNoMoreThanAScriptCanBear() {
    List<Hint> hints = inspections(1_500);
    Acknowledging many = new Acknowledging(hints.size() + 1, this::send, soon::add);
    many.add(hints);
    List<Hint> first = many.along(CompletableFuture::completedFuture).join();
    assertThat(first).isEqualTo(hints.subList(0, 1_000));
    List<Hint> rest = many.along(CompletableFuture::completedFuture).join();
    assertThat(rest).isEqualTo(hints.subList(1_000, 1_500));
  }
}
