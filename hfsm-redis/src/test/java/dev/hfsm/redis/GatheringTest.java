package dev.hfsm.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class GatheringTest {

  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final Gathering<String> gathering = new Gathering<>(10, this::send);

  private CompletableFuture<?> send(List<String> items) {
    sent.addAll(items);
    return CompletableFuture.completedFuture(null);
  }

  @Test
  void nobodyFindsItQuietBetweenWhatIsTakenAndWhatIsAdded() {
    CompletableFuture<List<String>> sentWhenQuiet = new CompletableFuture<>();
    Thread leaves =
        new Thread(
            () -> {
              gathering.quiet().join();
              sentWhenQuiet.complete(List.copyOf(sent));
            });
    gathering.addFrom(
        () -> {
          leaves.start();
          while (leaves.getState() != Thread.State.BLOCKED && leaves.isAlive()) {
            Thread.onSpinWait(); // until it waits for the lock, or found it quiet
          }
          return List.of("item");
        });
    assertThat(sentWhenQuiet.join()).containsExactly("item");
  }

  @Test
  void nothingMakesNoCall() {
    assertThat(gathering.addFrom(List::of)).isCompleted();
    assertThat(gathering.quiet()).isCompleted();
    assertThat(sent).isEmpty();
  }
}
