package dev.hfsm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.delivery.Delivery;
import dev.hfsm.error.BlobStoreException;
import dev.hfsm.ledger.VariantUse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How what is not on the heap is read, and what becomes of bytes that are not those expected. */
@Timeout(300)
class DeliveredBytesTest extends DeliveryFixture {

  @Test
  void damagedBytesAreNotServedAsGood() throws IOException {
    String url = urls.variant(hello, THREE);
    text(get(url));
    scene.awaitNothingOwed(hello);
    delivery = Delivery.of(assets, KEYS).build();
    scene.tap.intercept(
        (name, proceed) ->
            name.equals("blobs.open")
                ? new ByteArrayInputStream(new byte[] {'B', 'A', 'D'})
                : proceed.now());
    assertThat(get(url).status()).isEqualTo(500);
  }

  @Test
  void aCrowdThatWantsWhatIsNotOnTheHeapReadsItOnceAndEachCountsAsAUse() throws Exception {
    String url = urls.variant(hello, THREE);
    int many = 16;
    List<Thread> crowd = new CopyOnWriteArrayList<>();
    List<String> bodies = new CopyOnWriteArrayList<>();
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger opened = new AtomicInteger();
    AtomicLong uses = new AtomicLong();
    scene.tap.intercept(
        (name, proceed) -> {
          if (name.equals("blobs.open") && crowd.contains(Thread.currentThread())) {
            opened.incrementAndGet();
            go.await();
          }
          if (name.equals("intake.used")) {
            ((List<?>) proceed.arguments().get(0))
                .forEach(use -> uses.addAndGet(((VariantUse) use).uses()));
          }
          return proceed.now();
        });
    text(get(url));
    scene.awaitNothingOwed(hello);
    delivery = Delivery.of(assets, KEYS).clock(scene.clock).build();
    for (int i = 0; i < many; i++) {
      crowd.add(new Thread(() -> bodies.add(textOf(url))));
    }
    crowd.forEach(Thread::start);
    while (!crowd.stream().allMatch(DeliveredBytesTest::waits)) {
      Thread.onSpinWait();
    }
    go.countDown();
    for (Thread client : crowd) {
      client.join();
    }
    assertThat(bodies).hasSize(many).containsOnly("HEL");
    assertThat(opened).hasValue(1);
    assets.close();
    assertThat(uses).as("with the one that had it made").hasValue(many + 1L);
  }

  private String textOf(String url) {
    try {
      return text(get(url));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean waits(Thread thread) {
    Thread.State state = thread.getState();
    return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
  }

  @Test
  void aReadThatFailedIsTriedAgainByWhoComesNext() throws IOException {
    String url = urls.variant(hello, THREE);
    text(get(url));
    scene.awaitNothingOwed(hello);
    delivery = Delivery.of(assets, KEYS).clock(scene.clock).build();
    scene.tap.interceptOnce(
        "blobs.open",
        (name, proceed) -> {
          throw new BlobStoreException("away", new IOException(), true);
        });
    assertThat(get(url).status()).isEqualTo(503);
    assertThat(text(get(url))).isEqualTo("HEL");
  }

  @Test
  void ofAnObjectThatWasReplacedByALargerOneNoMoreIsReadThanShowsIt() throws IOException {
    String url = urls.variant(hello, THREE);
    text(get(url));
    scene.awaitNothingOwed(hello);
    delivery = Delivery.of(assets, KEYS).clock(scene.clock).build();
    AtomicLong taken = new AtomicLong();
    scene.tap.intercept(
        (name, proceed) -> name.equals("blobs.open") ? endless(taken) : proceed.now());
    assertThat(get(url).status()).isEqualTo(500);
    assertThat(taken).hasValue(4);
  }

  /** Ends after a million bytes all the same, so that a test that fails does not fill the heap. */
  private static InputStream endless(AtomicLong taken) {
    return new InputStream() {
      @Override
      public int read() {
        return taken.incrementAndGet() > 1_000_000 ? -1 : 'x';
      }
    };
  }
}
