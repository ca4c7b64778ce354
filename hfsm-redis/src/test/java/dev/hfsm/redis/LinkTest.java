package dev.hfsm.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.QueueException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class LinkTest {

  /** To which a connection is never made, as when its client was shut down meanwhile. */
  private static final class Never implements Server {

    @Override
    public CompletionStage<Connections> connect() {
      return new CompletableFuture<>();
    }

    @Override
    public String address() {
      return "redis://127.0.0.1";
    }

    @Override
    public void close() {}
  }

  @Test
  void whoWaitsForASessionIsToldOfTheClose() {
    Link link = new Link(new Never(), new Keys("test"), Hints.LONG, () -> {});
    CompletableFuture<Session> session = link.session();
    assertThat(session).isNotDone();
    link.close();
    assertThat(session).isCompletedExceptionally();
    assertThatThrownBy(session::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(QueueException.class)
        .hasMessage("the queue is closed");
  }
}
