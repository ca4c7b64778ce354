package dev.hfsm.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.InvalidTicketException;
import dev.hfsm.internal.Tickets.Ticket;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Fact;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Scope;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TicketsTest {

  private static final Ticket TICKET =
      new Ticket(
          StorageKey.raw(
              new AssetId(Scope.of("tenant-1"), Digest.ofContent(new byte[] {1})),
              new Stamp(Instant.parse("2026-11-20T10:00:00Z"), 42)),
          5_000_000_000L,
          ReferenceName.of("product/42/hêro 🖼"),
          Facts.NONE.with(Fact.FILE_NAME, "käse.jpg").with(Fact.DECLARED_TYPE, "image/jpeg"),
          null);

  private static Tickets tickets(int secret) {
    byte[] bytes = new byte[Tickets.MIN_SECRET];
    bytes[31] = (byte) secret;
    return new Tickets(bytes);
  }

  @Test
  void whatWasSealedIsReadBack() {
    assertThat(tickets(1).open(tickets(1).seal(TICKET))).isEqualTo(TICKET);
    Ticket bare = new Ticket(TICKET.landing(), 1, ReferenceName.of("x"), Facts.NONE, null);
    assertThat(tickets(1).open(tickets(1).seal(bare))).isEqualTo(bare);
    for (Visibility visibility : Visibility.values()) {
      Ticket showing =
          new Ticket(TICKET.landing(), 1, TICKET.reference(), TICKET.claims(), visibility);
      assertThat(tickets(1).open(tickets(1).seal(showing))).isEqualTo(showing);
    }
  }

  @Test
  void aTicketIsSafeInAnAddress() {
    assertThat(tickets(1).seal(TICKET)).matches("[A-Za-z0-9_-]+");
  }

  @Test
  void anotherSecretDoesNotOpenIt() {
    String sealed = tickets(1).seal(TICKET);
    assertThatThrownBy(() -> tickets(2).open(sealed)).isInstanceOf(InvalidTicketException.class);
  }

  @Test
  void aChangedTicketIsNotOpened() {
    String sealed = tickets(1).seal(TICKET);
    for (int i = 0; i < sealed.length() - 1; i++) {
      char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
      String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
      assertThatThrownBy(() -> tickets(1).open(changed))
          .as("another character at %s", i)
          .isInstanceOf(InvalidTicketException.class);
    }
  }

  @Test
  void noTextAtAllIsATicketByChance() {
    for (String text : new String[] {"", "=", "Ä", "AAAA", "A".repeat(100), "A".repeat(100_000)}) {
      assertThatThrownBy(() -> tickets(1).open(text)).isInstanceOf(InvalidTicketException.class);
    }
  }
}
