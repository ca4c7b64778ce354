package dev.hfsm.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.LedgerBell.Kind;
import dev.hfsm.ledger.LedgerBell.Listening;
import dev.hfsm.ledger.LedgerBell.Ring;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Subject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the contract of bells leaves open; the rest is in its suite. */
class InProcessBellTest {

  private static final Duration PATIENT = Duration.ofSeconds(120);

  private final InProcessBell bell = new InProcessBell();

  private static Ring about(int number) {
    byte[] content = ("asset " + number).getBytes(StandardCharsets.UTF_8);
    return Ring.settled(Subject.inspect(AssetId.of(Digest.ofContent(content))));
  }

  @Test
  void everyListenerHearsAllInOrderAndEqualRingsOnce() throws InterruptedException {
    try (Listening one = bell.listen();
        Listening other = bell.listen()) {
      bell.ring(List.of(about(1), Ring.OWED));
      bell.ring(List.of(about(1), about(2)));
      for (Listening listening : List.of(one, other)) {
        assertThat(listening.await(PATIENT)).containsExactly(about(1), Ring.OWED, about(2));
        assertThat(listening.await(Duration.ZERO)).isEmpty();
      }
    }
  }

  @Test
  void whoHearsTooMuchIsToldToLookEverywhereInBoundedMemory() throws InterruptedException {
    try (Listening listening = bell.listen()) {
      for (int i = 0; i < 5000; i++) {
        bell.ring(List.of(about(i)));
      }
      assertThat(listening.await(PATIENT))
          .hasSizeLessThanOrEqualTo(1001)
          .contains(Ring.OWED, new Ring(Kind.SETTLED, null));
    }
  }

  @Test
  void whoIsClosedWhileItWaitsIsTold() throws InterruptedException {
    Listening listening = bell.listen();
    Thread closer = new Thread(listening::close);
    closer.start();
    assertThatThrownBy(() -> listening.await(PATIENT))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("closed");
    closer.join();
    bell.ring(List.of(Ring.OWED));
  }
}
