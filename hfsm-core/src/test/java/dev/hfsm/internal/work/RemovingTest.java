package dev.hfsm.internal.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.LedgerException;
import dev.hfsm.internal.Finder;
import dev.hfsm.ledger.Admission;
import dev.hfsm.ledger.AssetRow;
import dev.hfsm.ledger.ClaimRequest;
import dev.hfsm.ledger.Lease;
import dev.hfsm.ledger.LedgerReader;
import dev.hfsm.ledger.RemovalLedger;
import dev.hfsm.ledger.Removals;
import dev.hfsm.ledger.Visibility;
import dev.hfsm.memory.InMemoryLedger;
import dev.hfsm.model.AssetEvent;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import dev.hfsm.model.Facts;
import dev.hfsm.model.ReferenceName;
import dev.hfsm.model.Subject;
import dev.hfsm.storage.Stamp;
import dev.hfsm.storage.StorageKey;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of rows in memory that another node has removed; time passes by hand. */
@Timeout(300)
class RemovingTest {
  private static final Duration MEMORY = Finder.MEMORY;
  private static final AssetId A = id(1);
  private static final AssetId B = id(2);

  private Instant now = Instant.parse("2030-01-01T00:00:00Z");
  private final AtomicLong nanos = new AtomicLong();
  private final InMemoryLedger ledger = new InMemoryLedger(() -> now);
  private final AtomicInteger reads = new AtomicInteger();
  private final Finder finder = new Finder(counted(), nanos::get);
  private final Vitals vitals = new Vitals(InstantSource.system());
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Bell bell = new Bell();
  private boolean cut;
  private final Removing removing =
      new Removing(
          new RemovalLedger() {
            @Override
            public long end() {
              return log().end();
            }

            @Override
            public Removals after(long place, int limit) {
              return log().after(place, limit);
            }

            @Override
            public int trim(Duration age, int limit) {
              return log().trim(age, limit);
            }
          },
          finder,
          bell,
          new Outage("reading", vitals, closing),
          closing);

  private LedgerReader counted() {
    return (LedgerReader)
        Proxy.newProxyInstance(
            RemovingTest.class.getClassLoader(),
            new Class<?>[] {LedgerReader.class},
            (proxy, method, args) -> {
              reads.incrementAndGet();
              return method.invoke(ledger.reader(), args);
            });
  }

  /** Whether the row is not in memory. */
  private boolean isReadAnew(AssetId id) {
    int before = reads.get();
    finder.asset(id);
    return reads.get() > before;
  }

  private RemovalLedger log() {
    if (cut) {
      throw new LedgerException("no connection", null, true);
    }
    return ledger.removals();
  }

  private static AssetId id(int content) {
    return AssetId.of(Digest.ofContent(new byte[] {(byte) content}));
  }

  /** An asset whose facts are known, with its row in memory. */
  private AssetRow known(AssetId id) {
    StorageKey key = StorageKey.raw(id, new Stamp(now, 1));
    ledger
        .intake()
        .admit(new Admission(id, 1, key, ReferenceName.implicit(id.digest()), Facts.NONE));
    Lease lease =
        ledger
            .work()
            .claim(ClaimRequest.about("w", List.of(Subject.inspect(id)), Duration.ofSeconds(30)))
            .get(0)
            .lease();
    ledger.work().advance(lease, AssetEvent.FINGERPRINTED, Facts.NONE);
    ledger.work().advance(lease, AssetEvent.DESCRIBED, Facts.NONE);
    return finder.asset(id).orElseThrow();
  }

  private void elapse(Duration time) {
    now = now.plus(time);
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void whatIsReadFromTheLogIsForgottenAndTheRestIsKeptForAsLongAsItIsRead() {
    removing.readToTheEnd();
    AssetRow a = known(A);
    AssetRow b = known(B);
    for (int i = 0; i < 10; i++) {
      elapse(MEMORY.minusMillis(1));
      removing.readToTheEnd();
      assertThat(finder.asset(A)).containsSame(a);
    }
    ledger.custody().purge(A);
    ledger.custody().show(B, Visibility.PUBLIC);
    assertThat(finder.asset(B)).as("not read yet").containsSame(b);
    removing.readToTheEnd();
    assertThat(finder.asset(A)).isEmpty();
    assertThat(finder.asset(B).orElseThrow().visibility()).isEqualTo(Visibility.PUBLIC);
  }

  @Test
  void whatWasInMemoryBeforeTheFirstReadingIsForgotten() {
    AssetRow a = known(A);
    assertThat(finder.asset(A)).containsSame(a);
    ledger.custody().purge(A);
    removing.readToTheEnd();
    assertThat(finder.asset(A)).isEmpty();
  }

  @Test
  void whileTheLogCannotBeReadRowsAreAnsweredForAMomentLongerAndThenReadAnew() {
    removing.readToTheEnd();
    AssetRow a = known(A);
    elapse(MEMORY);
    removing.readToTheEnd();
    ledger.custody().purge(A);
    cut = true;
    elapse(MEMORY.minusMillis(1));
    assertThatThrownBy(removing::readToTheEnd).isInstanceOf(LedgerException.class);
    assertThat(finder.asset(A)).containsSame(a);
    elapse(Duration.ofMillis(1));
    assertThat(finder.asset(A)).isEmpty();
  }

  @Test
  void afterAnOutageTheCacheIsTrustedAgain() {
    removing.readToTheEnd();
    known(A);
    cut = true;
    elapse(MEMORY.multipliedBy(3));
    assertThatThrownBy(removing::readToTheEnd).isInstanceOf(LedgerException.class);
    AssetRow anew = finder.asset(A).orElseThrow();
    cut = false;
    removing.readToTheEnd();
    elapse(MEMORY.minusMillis(1));
    assertThat(finder.asset(A)).containsSame(anew);
  }

  @Test
  void whoeverHasMissedTrimmedEntriesForgetsEverything() {
    removing.readToTheEnd();
    known(A);
    known(B);
    ledger.custody().purge(B);
    elapse(Duration.ofHours(7));
    ledger.removals().trim(Duration.ofHours(6), 100);
    removing.readToTheEnd();
    assertThat(finder.asset(B)).isEmpty();
    assertThat(isReadAnew(A)).isTrue();
    assertThat(isReadAnew(A)).as("kept again").isFalse();
    ledger.custody().purge(A);
    removing.readToTheEnd();
    assertThat(finder.asset(A)).as("read on from the end").isEmpty();
  }

  @Test
  void aRingIsAnsweredByReadingAndTheEndByTrustingNothing() throws InterruptedException {
    Thread thread =
        new Thread(
            () -> {
              try {
                removing.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.start();
    known(A);
    ledger.custody().purge(A);
    while (finder.asset(A).isPresent()) {
      bell.ring();
      Thread.onSpinWait();
    }
    known(B);
    closing.countDown();
    bell.ring();
    thread.join();
    elapse(MEMORY);
    assertThat(isReadAnew(B)).isTrue();
  }
}
