package dev.hfsm.benchmarks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;

/** db-scheduler with tasks that do nothing, set up as its documentation advises for throughput. */
final class SchedulerPeer {

  private SchedulerPeer() {}

  /** Tasks executed in a second of a backlog of {@code tasks}. */
  static double perSecond(DataSource database, int threads, int tasks, Duration time)
      throws SQLException, InterruptedException {
    fill(database, tasks);
    LongAdder done = new LongAdder();
    OneTimeTask<Void> task =
        Tasks.oneTime("empty").execute((instance, context) -> done.increment());
    Scheduler scheduler =
        Scheduler.create(database, task)
            .threads(threads)
            .pollUsingLockAndFetch(4.0, 20.0)
            .pollingInterval(Duration.ofMillis(10))
            .build();
    scheduler.start();
    try {
      while (done.sum() == 0) {
        Thread.onSpinWait();
      }
      long start = System.nanoTime();
      long before = done.sum();
      new CountDownLatch(1)
          .await(time.toNanos(), TimeUnit.NANOSECONDS); // the time that is measured
      return (done.sum() - before) / ((System.nanoTime() - start) / 1e9);
    } finally {
      scheduler.stop();
    }
  }

  private static void fill(DataSource database, int tasks) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS scheduled_tasks");
      statement.execute(
          """
          CREATE TABLE scheduled_tasks (
            task_name text NOT NULL, task_instance text NOT NULL, task_data bytea,
            execution_time timestamptz NOT NULL, picked boolean NOT NULL, picked_by text,
            last_success timestamptz, last_failure timestamptz, consecutive_failures int,
            last_heartbeat timestamptz, version bigint NOT NULL, priority smallint,
            PRIMARY KEY (task_name, task_instance))
          """);
      statement.execute("CREATE INDEX ON scheduled_tasks (execution_time)");
      statement.execute("CREATE INDEX ON scheduled_tasks (last_heartbeat)");
      statement.execute(
          "INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
              + " SELECT 'empty', 'i' || i, now(), false, 1 FROM generate_series(1, "
              + tasks
              + ") AS i");
      statement.execute("VACUUM ANALYZE scheduled_tasks");
      statement.execute("CHECKPOINT");
    }
  }
}
