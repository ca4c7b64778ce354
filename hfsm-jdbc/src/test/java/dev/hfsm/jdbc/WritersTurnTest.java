package dev.hfsm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writers of one process on a database that has one writer at a time. */
@Timeout(600)
class WritersTurnTest {

  private static final int OTHERS = 8;

  @Test
  void writersWaitForEachOtherWithoutAConnection() throws Exception {
    try (TestDatabase database = TestDatabase.sqlite()) {
      OwnTransactions transactions =
          new OwnTransactions(database.pool(), new SqliteSql(), new Calm(System::nanoTime));
      database.execute("CREATE TABLE t (x INTEGER)");
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      AtomicInteger written = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      threads.add(
          start(
              () ->
                  transactions.write(
                      "wait",
                      handle -> {
                        begun.countDown();
                        await(go);
                        return written.incrementAndGet();
                      })));
      await(begun);
      for (int i = 0; i < OTHERS; i++) {
        threads.add(
            start(
                () ->
                    transactions.write(
                        "insert",
                        handle -> {
                          handle.execute("INSERT INTO t VALUES (1)");
                          return written.incrementAndGet();
                        })));
      }
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
      while (threads.stream().skip(1).anyMatch(t -> t.getState() != Thread.State.TIMED_WAITING)) {
        assertThat(System.nanoTime()).as("not waiting in Java").isLessThan(deadline);
        Thread.onSpinWait();
      }
      assertThat(database.pool().getHikariPoolMXBean().getActiveConnections()).isEqualTo(1);
      assertThat(written).hasValue(0);
      int seen =
          transactions.read(
              "count", h -> h.createQuery("SELECT COUNT(*) FROM t").mapTo(Integer.class).one());
      assertThat(seen).as("who reads need not wait").isZero();
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(database.query("SELECT COUNT(*) FROM t")).containsExactly("" + OTHERS);
    }
  }

  private static Thread start(Runnable body) {
    Thread thread = new Thread(body);
    thread.start();
    return thread;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
