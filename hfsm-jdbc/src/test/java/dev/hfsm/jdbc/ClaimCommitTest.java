package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LedgerException;
import dev.hfsm.ledger.Claim;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.ClaimRequest.Suspects;
import dev.hfsm.ledger.LedgerBell.Listening;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Facts;
import dev.hfsm.model.Subject;
import dev.hfsm.model.WorkKind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which writes wait for the flush of PostgreSQL's log: a trigger notes how each would commit. */
class ClaimCommitTest {

  private static final String ON = "on";
  private static final String OFF = "off";

  private final AtomicLong now = new AtomicLong();
  private final AtomicBoolean unreachable = new AtomicBoolean();
  private final TestDatabase database = TestDatabase.postgres();
  private final JdbcLedger ledger = JdbcLedger.create(line(), new Calm(now::get));

  /** The pool, as long as there is a way to it. */
  private DataSource line() {
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              if (unreachable.get()) {
                throw new SQLException("no way to the server", "08001");
              }
              try {
                return method.invoke(database.pool(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @BeforeEach
  void noteHowWorkIsCommitted() {
    database.execute(
        "CREATE TABLE seen (setting text)",
        "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL;"
            + " END $$",
        "CREATE TRIGGER see AFTER INSERT OR UPDATE OR DELETE ON hfsm_work FOR EACH ROW"
            + " EXECUTE FUNCTION see()");
  }

  @AfterEach
  void close() {
    ledger.close();
    database.close();
  }

  private void aWhilePasses() {
    now.addAndGet(Calm.LENGTH.toNanos());
  }

  private AssetId admitted(String content) {
    return Samples.admit(ledger, content, content).id();
  }

  private Claim claimed(AssetId asset) {
    return Samples.claim(ledger, "w", Subject.inspect(asset));
  }

  /** How the last writes were committed, and forgets them. */
  private List<String> seen() {
    List<String> settings = database.query("SELECT setting FROM seen");
    database.execute("DELETE FROM seen");
    return settings;
  }

  @Test
  void aClaimIsFlushedAtFirstAndNoMoreOnceTheServerHasBeenThereForAWhile() {
    AssetId a = admitted("a");
    AssetId b = admitted("b");
    AssetId c = admitted("c");
    seen();

    claimed(a);
    assertThat(seen()).containsExactly(ON);

    aWhilePasses();
    claimed(b);
    ledger.work().claim(due());
    assertThat(seen()).as("by subject, and whatever is due").containsExactly(OFF, OFF);
    assertThat(ledger.work().claim(due())).as("c is claimed: %s", c).isEmpty();
  }

  private static ClaimRequest due() {
    return ClaimRequest.due("w", EnumSet.allOf(WorkKind.class), 1, Samples.LEASE)
        .with(Suspects.EXCLUDED);
  }

  @Test
  void whatIsAcknowledgedIsFlushedAlways() {
    aWhilePasses();
    AssetId asset = admitted("a");
    assertThat(seen()).as("an admission").containsExactly(ON);

    Claim claim = claimed(asset);
    assertThat(seen()).containsExactly(OFF);
    ledger.work().advance(claim.lease(), AssetEvent.FINGERPRINTED, Facts.NONE);
    ledger.work().advance(claim.lease(), AssetEvent.DESCRIBED, Facts.NONE);
    assertThat(seen()).as("a result: on a connection that claimed before").containsOnly(ON);

    ledger.work().requestAndClaim(List.of(Samples.request(asset, "new")), "w", Samples.LEASE);
    ledger
        .work()
        .requestAndClaim(
            List.of(Samples.request(asset, "one"), Samples.request(asset, "other")),
            "w",
            Samples.LEASE);
    assertThat(seen()).as("a request that is claimed with it").isNotEmpty().containsOnly(ON);
  }

  @Test
  void aSuspectIsClaimedWithAFlush() {
    aWhilePasses();
    claimed(admitted("a"));
    database.age(Samples.LEASE.plusSeconds(1));
    ledger.work().reap(10, 8);
    seen();

    List<Claim> suspects =
        ledger
            .work()
            .claim(
                ClaimRequest.due("w", EnumSet.allOf(WorkKind.class), 1, Samples.LEASE)
                    .with(Suspects.ONLY));

    assertThat(suspects).hasSize(1);
    assertThat(seen()).containsExactly(ON);
  }

  @Test
  void aServerThatCouldNotBeReachedIsTrustedAgainAfterAWhile() {
    AssetId a = admitted("a");
    AssetId b = admitted("b");
    aWhilePasses();
    unreachable.set(true);
    assertThatThrownBy(() -> claimed(a)).isInstanceOf(LedgerException.class);
    unreachable.set(false);
    seen();

    claimed(a);
    assertThat(seen()).containsExactly(ON);

    aWhilePasses();
    claimed(b);
    assertThat(seen()).containsExactly(OFF);
  }

  /** Of a pool that replaces connections before anybody notices, this is what tells. */
  @Test
  void aConnectionThatListensAndBreaksTellsOfTheServersEnd() throws Exception {
    AssetId a = admitted("a");
    seen();
    aWhilePasses();
    String channel = "hfsm_" + ledger.custody().ledgerId().replace("-", "");
    try (Listening listening = ledger.bell().listen()) {
      assertThat(
              database.query(
                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN "
                      + channel
                      + "'"))
          .as("the one that listens is ended")
          .containsExactly("t");
      assertThatThrownBy(() -> listening.await(Duration.ofMinutes(2)))
          .isInstanceOf(LedgerException.class);
    }

    claimed(a);

    assertThat(seen()).containsExactly(ON);
  }
}
