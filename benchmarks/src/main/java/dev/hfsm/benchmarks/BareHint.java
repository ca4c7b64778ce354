package dev.hfsm.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * What no pick-up by way of Redis can beat: a number is pushed and published in one script, whoever
 * hears of it fetches it with another, and commits one row about it, as a claim has to. The same
 * round trips between the same processes, and nothing else.
 */
final class BareHint {

  private static final String PUSH =
      "redis.call('RPUSH', KEYS[1], ARGV[1]) return redis.call('PUBLISH', KEYS[1], '')";

  private static final String FETCH = "return redis.call('LPOP', KEYS[1])";

  private static final String[] KEY = {"bare"};

  private BareHint() {}

  /** How the row is committed. */
  enum Commit {
    FLUSHED("current_setting('synchronous_commit')"),
    SEEN("'off'");

    private final String setting;

    Commit(String setting) {
      this.setting = setting;
    }
  }

  /** Microseconds from before the push until the row is committed, sorted by nothing. */
  static long[] measure(
      String redis, DataSource database, Commit commit, int rate, int unmeasured, int hints)
      throws Exception {
    int all = unmeasured + hints;
    long[] pushed = new long[all];
    long[] committed = new long[all];
    RedisClient client = RedisClient.create(redis);
    try (StatefulRedisConnection<String, String> pushes = client.connect();
        StatefulRedisConnection<String, String> fetches = client.connect();
        StatefulRedisPubSubConnection<String, String> bell = client.connectPubSub();
        Connection claims = database.getConnection()) {
      Semaphore rung = new Semaphore(0);
      bell.addListener(
          new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
              rung.release();
            }
          });
      bell.sync().subscribe(KEY[0]);
      AtomicReference<Throwable> trouble = new AtomicReference<>();
      Thread claimer =
          new Thread(
              () -> {
                try {
                  claim(fetches.sync(), claims, commit, rung, committed);
                } catch (Exception e) {
                  trouble.set(e);
                }
              });
      claimer.start();
      push(pushes.sync(), rate, pushed);
      claimer.join();
      if (trouble.get() != null) {
        throw new IllegalStateException("the claimer failed", trouble.get());
      }
    } finally {
      client.shutdown();
    }
    long[] micros = new long[hints];
    for (int i = 0; i < hints; i++) {
      micros[i] = (committed[unmeasured + i] - pushed[unmeasured + i]) / 1000;
    }
    return micros;
  }

  private static void push(RedisCommands<String, String> redis, int rate, long[] pushed) {
    String digest = redis.scriptLoad(PUSH);
    long start = System.nanoTime();
    for (int i = 0; i < pushed.length; i++) {
      LockSupport.parkNanos(start + i * (1_000_000_000L / rate) - System.nanoTime());
      pushed[i] = System.nanoTime();
      redis.evalsha(digest, ScriptOutputType.INTEGER, KEY, Integer.toString(i));
    }
  }

  private static void claim(
      RedisCommands<String, String> redis,
      Connection claims,
      Commit commit,
      Semaphore rung,
      long[] committed)
      throws Exception {
    String digest = redis.scriptLoad(FETCH);
    try (Statement table = claims.createStatement()) {
      table.execute("CREATE TABLE IF NOT EXISTS bare_hint (id INTEGER)");
    }
    String insert =
        "INSERT INTO bare_hint SELECT ? FROM set_config('synchronous_commit', "
            + commit.setting
            + ", true)";
    try (PreparedStatement row = claims.prepareStatement(insert)) {
      for (int left = committed.length; left > 0; left--) {
        rung.acquire();
        String number = redis.evalsha(digest, ScriptOutputType.VALUE, KEY);
        row.setInt(1, Integer.parseInt(number));
        row.executeUpdate();
        committed[Integer.parseInt(number)] = System.nanoTime();
      }
    }
  }
}
