package dev.hfsm.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.OverloadedException;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PublicAssetsTest {

  private static final AssetId ONE = AssetId.of(Digest.ofContent(new byte[] {1}));
  private final Set<AssetId> shown = new HashSet<>();
  private final List<AssetId> asked = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private int lookUp;
  private final PublicAssets assets =
      new PublicAssets(
          id -> {
            asked.add(id);
            nanos.addAndGet(Duration.ofMillis(lookUp).toNanos());
            return shown.contains(id);
          },
          nanos::get,
          left -> nanos.addAndGet(Math.min(left, Duration.ofMillis(2).toNanos())));

  @Test
  void eitherAnswerIsRememberedForFiveSeconds() {
    assertThat(assets.contains(ONE)).isFalse();
    shown.add(ONE);
    nanos.addAndGet(Duration.ofMillis(4990).toNanos());
    assertThat(assets.contains(ONE)).isFalse();
    nanos.addAndGet(Duration.ofMillis(20).toNanos());
    assertThat(assets.contains(ONE)).isTrue();
    shown.clear();
    nanos.addAndGet(Duration.ofMillis(4990).toNanos());
    assertThat(assets.contains(ONE)).isTrue();
    nanos.addAndGet(Duration.ofMillis(20).toNanos());
    assertThat(assets.contains(ONE)).isFalse();
    assertThat(asked).hasSize(3);
  }

  @Test
  void aLookUpThatEndsInNoTakesAWholeNumberOfSpansHoweverLongItWas() {
    long[] taken = {0, 5, 1, 5, 4, 5, 5, 10, 9, 10, 12, 15};
    for (int i = 0; i < taken.length; i += 2) {
      lookUp = (int) taken[i];
      long begin = nanos.get();
      AssetId other = AssetId.of(Digest.ofContent(new byte[] {2, (byte) i}));
      assertThat(assets.contains(other)).isFalse();
      assertThat(Duration.ofNanos(nanos.get() - begin).toMillis())
          .as("a look-up of %d ms", lookUp)
          .isEqualTo(taken[i + 1]);
      long again = nanos.get();
      assertThat(assets.contains(other)).isFalse();
      assertThat(nanos.get()).as("what is remembered is not held").isEqualTo(again);
    }
  }

  @Test
  void whatIsPublicIsNotHeld() {
    shown.add(ONE);
    lookUp = 1;
    assertThat(assets.contains(ONE)).isTrue();
    assertThat(Duration.ofNanos(nanos.get())).isEqualTo(Duration.ofMillis(1));
  }

  @Test
  @Timeout(300)
  void aCrowdThatMakesDigestsUpTakesFourLanesAndWhatWasShownLatelyGoesPastThem() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger ofOne = new AtomicInteger();
    PublicAssets crowded =
        new PublicAssets(
            id -> {
              if (id.equals(ONE)) {
                ofOne.incrementAndGet();
                return true;
              }
              inside.incrementAndGet();
              awaitUninterruptibly(answered);
              return false;
            },
            nanos::get,
            left -> nanos.addAndGet(left));
    assertThat(crowded.contains(ONE)).isTrue();
    ExecutorService clients = Executors.newCachedThreadPool();
    try {
      ExecutorCompletionService<Boolean> crowd = new ExecutorCompletionService<>(clients);
      int many = 300;
      for (int i = 0; i < many; i++) {
        AssetId madeUp = AssetId.of(Digest.ofContent(("made up " + i).getBytes(UTF_8)));
        crowd.submit(() -> crowded.contains(madeUp));
      }
      for (int i = 0; i < many - PublicAssets.LANES; i++) {
        assertThat(crowd.take()).as("while none is answered").failsWithin(Duration.ZERO);
      }
      while (inside.get() < PublicAssets.LANES) {
        Thread.onSpinWait(); // until all who have a lane have come to ask
      }
      assertThat(inside).hasValue(PublicAssets.LANES);
      nanos.addAndGet(Duration.ofSeconds(6).toNanos());
      assertThat(crowded.contains(ONE)).as("public before, and looked up again").isTrue();
      assertThat(ofOne).hasValue(2);
      nanos.addAndGet(Duration.ofHours(1).toNanos());
      assertThatThrownBy(() -> crowded.contains(ONE))
          .as("not lately")
          .isInstanceOf(OverloadedException.class);
    } finally {
      answered.countDown();
      clients.shutdown();
    }
  }

  @Test
  @Timeout(300)
  void whatIsKnownToBePublicIsLookedUpOnceForAllWhoWantToKnow() throws Exception {
    int many = 20;
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger looked = new AtomicInteger();
    PublicAssets shared =
        new PublicAssets(
            id -> {
              if (looked.incrementAndGet() > 1) {
                awaitUninterruptibly(go);
              }
              return true;
            },
            nanos::get,
            left -> nanos.addAndGet(left));
    shared.contains(ONE);
    nanos.addAndGet(Duration.ofSeconds(6).toNanos());
    List<Thread> threads = new ArrayList<>();
    List<Boolean> answers = new CopyOnWriteArrayList<>();
    for (int i = 0; i < many; i++) {
      Thread thread = new Thread(() -> answers.add(shared.contains(ONE)));
      thread.start();
      threads.add(thread);
    }
    while (threads.stream().anyMatch(t -> !waits(t))) {
      Thread.onSpinWait();
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(looked).hasValue(2);
    assertThat(answers).isNotEmpty().containsOnly(true);
  }

  private static boolean waits(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING, TERMINATED -> true;
      default -> false;
    };
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
