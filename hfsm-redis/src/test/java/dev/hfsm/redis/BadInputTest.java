package dev.hfsm.redis;

import static dev.hfsm.redis.Hints.inspect;
import static dev.hfsm.redis.Hints.inspections;
import static dev.hfsm.redis.Hints.look;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hfsm.error.QueueException;
import dev.hfsm.queue.Hint;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that are not what a queue needs: one error that names the setting to change. */
@Timeout(600)
class BadInputTest {

  private static RedisQueueBuilder at(String uri) {
    return RedisWorkQueue.builder().uri(uri).prefix(RunningRedis.prefix()).timeout(Hints.PATIENCE);
  }

  private static QueueException refused(RedisQueueBuilder builder) {
    return catchThrowableOfType(QueueException.class, () -> builder.open().close());
  }

  /** Opens all the same, and says so to whoever insists. */
  private static QueueException missed(RedisQueueBuilder builder) {
    try (RedisWorkQueue queue = builder.open()) {
      return catchThrowableOfType(QueueException.class, queue::check);
    }
  }

  @Test
  void aServerThatIsNotThereIsNamedAndWaitedFor() {
    QueueException e = missed(at("redis://127.0.0.1:1"));
    assertThat(e).hasMessageContainingAll("redis://127.0.0.1:1 ", "uri(...)", "refused");
    assertThat(e.retryable()).isTrue();
  }

  @Test
  void aHostNobodyKnowsIsNamed() {
    QueueException e = missed(at("redis://no-such-host.invalid"));
    assertThat(e).hasMessageContainingAll("no-such-host.invalid", "uri(...)");
    assertThat(e.retryable()).isTrue();
  }

  @Test
  void aWrongPasswordIsNotRepeatedInTheMessage() {
    try (RunningRedis redis = RunningRedis.with("requirepass right")) {
      for (String login : List.of("", "user:mistaken@", ":mistaken@")) {
        QueueException e = refused(at("redis://" + login + "127.0.0.1:" + redis.port()));
        assertThat(e).as(login).hasMessageContaining("uri(...)");
        assertThat(e.getMessage()).as(login).doesNotContain("mistaken");
        assertThat(e.retryable()).as(login).isFalse();
      }
      try (RedisWorkQueue queue = at("redis://:right@127.0.0.1:" + redis.port()).open()) {
        queue.check();
      }
    }
  }

  /** The client closes a connection behind a refusal, and may come to know of the end first. */
  @Test
  void aRefusalThatIsLostWithItsConnectionIsHeardWhenItIsTriedAgain() {
    try (RunningRedis redis = RunningRedis.with("requirepass right");
        FaultyLine line = new FaultyLine(redis.port())) {
      line.hangUp(3);
      QueueException e = refused(at(line.uri()));
      assertThat(e).hasMessageContaining("uri(...)");
      assertThat(e.retryable()).isFalse();
      assertThat(line.yetToHangUpOn()).isZero();
    }
  }

  @Test
  void aUserWhoMayNotDoEverythingIsToldWhatIsNeeded() {
    RunningRedis shared = RunningRedis.shared();
    String prefix = RunningRedis.prefix();
    RunningRedis.shared()
        .ask(
            redis ->
                redis.aclSetuser(
                    "reader",
                    AclSetuserArgs.Builder.on().nopass().allKeys().addCommand(CommandType.INFO)));
    QueueException e =
        refused(
            RedisWorkQueue.builder()
                .uri("redis://reader:x@127.0.0.1:" + shared.port())
                .prefix(prefix));
    assertThat(e).hasMessageContainingAll("ACL", "EVAL", "{" + prefix + "}:*");
    assertThat(e.retryable()).isFalse();
  }

  @Test
  void aCommandThatIsDeniedWithinAScriptIsToldByTheRightsThatAreNeeded() {
    RunningRedis shared = RunningRedis.shared();
    shared.ask(
        redis ->
            redis.aclSetuser(
                "offerless",
                AclSetuserArgs.Builder.on()
                    .nopass()
                    .allKeys()
                    .allChannels()
                    .allCommands()
                    .removeCommand(CommandType.ZADD)));
    try (RedisWorkQueue queue = at("redis://offerless:x@127.0.0.1:" + shared.port()).open()) {
      assertThatThrownBy(() -> queue.offer(List.of(inspect("a"))))
          .isInstanceOfSatisfying(QueueException.class, e -> assertThat(e.retryable()).isFalse())
          .hasMessageContainingAll("ACL", "docs/redis.md");
    }
  }

  @Test
  void aUserWhoMayNotAskForTheVersionCanUseAQueue() {
    RunningRedis shared = RunningRedis.shared();
    RunningRedis.shared()
        .ask(
            redis ->
                redis.aclSetuser(
                    "blind",
                    AclSetuserArgs.Builder.on()
                        .nopass()
                        .allKeys()
                        .allChannels()
                        .allCommands()
                        .removeCommand(CommandType.INFO)));
    try (RedisWorkQueue queue = at("redis://blind:x@127.0.0.1:" + shared.port()).open()) {
      queue.offer(List.of(inspect("a")));
      assertThat(look(queue)).hasSize(1);
    }
  }

  @Test
  void somethingElseUnderAKeyIsLeftAloneAndNamed() {
    for (String key : new Keys("taken").all()) {
      RunningRedis.shared().ask(redis -> redis.set(key, "somebody else's"));
      QueueException e =
          refused(RedisWorkQueue.builder().uri(RunningRedis.shared().uri()).prefix("taken"));
      assertThat(e).as(key).hasMessageContainingAll("{taken}:*", "prefix(...)");
      assertThat(e.retryable()).as(key).isFalse();
      RunningRedis.shared().ask(redis -> redis.del(key));
    }
  }

  @Test
  void aServerThatIsTooOldIsRefused() {
    try (FaultyLine line = new FaultyLine(RunningRedis.shared().port())) {
      line.translate(said -> said.replaceAll("redis_version:\\d\\.\\d\\.", "redis_version:5.0."));
      QueueException e = refused(at(line.uri()));
      assertThat(e).hasMessageContainingAll("6.2 or newer", "found 5.0.", "uri(...)");
      assertThat(e.retryable()).isFalse();
    }
  }

  @Test
  void aServerWithoutMemoryTakesNothingInAndCanBeEmptied() {
    try (RunningRedis redis = RunningRedis.with("maxmemory-policy noeviction");
        RedisWorkQueue queue = at(redis.uri()).open()) {
      queue.offer(inspections(5));
      redis.ask(commands -> commands.configSet("maxmemory", "1"));
      QueueException e =
          catchThrowableOfType(QueueException.class, () -> queue.offer(List.of(inspect("more"))));
      assertThat(e).hasMessageContainingAll("maxmemory", "maxHints(...)");
      assertThat(e.retryable()).isTrue();
      List<Hint> left = look(queue);
      assertThat(left).hasSize(5);
      queue.ack(left);
      redis.ask(commands -> commands.configSet("maxmemory", "0"));
      queue.offer(List.of(inspect("more")));
      assertThat(look(queue)).hasSize(1);
    }
  }

  @Test
  void aServerThatEvictsIsWarnedOf() {
    PrintStream err = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    try (RunningRedis redis =
        RunningRedis.with("maxmemory 100mb", "maxmemory-policy allkeys-lru")) {
      System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
      at(redis.uri()).open().close();
    } finally {
      System.setErr(err);
    }
    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains("maxmemory-policy is allkeys-lru", "noeviction");
  }

  @Test
  void aServerThatEvictsDoesNotPassACheckUntilItIsSetRight() {
    try (RunningRedis redis = RunningRedis.with("maxmemory 100mb", "maxmemory-policy allkeys-lru");
        RedisWorkQueue queue = at(redis.uri()).open()) {
      QueueException e = catchThrowableOfType(QueueException.class, queue::check);
      assertThat(e).hasMessageContainingAll("maxmemory-policy is allkeys-lru", "noeviction");
      assertThat(e.retryable()).isFalse();
      queue.offer(List.of(inspect("all the same")));
      assertThat(look(queue)).hasSize(1);
      redis.ask(commands -> commands.configSet("maxmemory-policy", "noeviction"));
      queue.check();
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsNamed() {
    QueueException e = refused(at("redis://127.0.0.1:" + RunningRedis.shared().port() + "/99"));
    assertThat(e).hasMessageContainingAll("no database of that number", "uri(...)");
    assertThat(e.retryable()).isFalse();
  }

  /** Before version 6 a server knew neither HELLO nor users. */
  @Test
  void aServerThatKnowsNoUsersIsToldToBeTooOld() {
    try (RunningRedis redis = RunningRedis.with("requirepass right");
        FaultyLine line = new FaultyLine(redis.port())) {
      AtomicInteger greetings = new AtomicInteger();
      line.translate(
          said ->
              said.replaceAll(
                  "-WRONGPASS[^\r]*",
                  greetings.getAndIncrement() % 2 == 0
                      ? "-ERR unknown command `HELLO`, with args beginning with: `3`, "
                      : "-ERR wrong number of arguments for 'auth' command"));
      QueueException e = refused(at(line.uri().replace("redis://", "redis://me:mine@")));
      assertThat(e).hasMessageContainingAll("6.2 or newer", "uri(...)");
      assertThat(e.retryable()).isFalse();
    }
  }

  @Test
  void aReplicaIsNotWrittenTo() {
    // Of one that nobody reaches: nor is it loading what that one holds when it is asked.
    try (RunningRedis replica = RunningRedis.with("replicaof 127.0.0.1 1");
        RedisWorkQueue queue = at(replica.uri()).open()) {
      QueueException e =
          catchThrowableOfType(QueueException.class, () -> queue.offer(List.of(inspect("a"))));
      assertThat(e).hasMessageContainingAll("replica", "uri(...)");
      assertThat(e.retryable()).isTrue();
    }
  }

  @Test
  void aServerWithoutTlsIsNotTakenForOneWithTls() {
    String uri = "rediss://127.0.0.1:" + RunningRedis.shared().port();
    Duration brief = Duration.ofMillis(300);
    assertThat(
            missed(RedisWorkQueue.builder().uri(uri).prefix(RunningRedis.prefix()).timeout(brief)))
        .hasMessageContainingAll("rediss://127.0.0.1", "uri(...)");
  }

  @Test
  void settingsThatMakeNoSenseAreRefusedAtOnce() {
    assertThatThrownBy(() -> RedisWorkQueue.builder().open()).hasMessageContaining(".uri(...)");
    assertThatThrownBy(() -> RedisWorkQueue.builder().uri("http://secret@host"))
        .hasMessageContaining("redis://")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> at("redis://a").uri("redis://b")).hasMessageContaining("second");
    assertThatThrownBy(() -> RedisWorkQueue.builder().prefix("{a}")).hasMessageContaining("prefix");
    assertThatThrownBy(() -> RedisWorkQueue.builder().maxHints(0)).hasMessageContaining("maxHints");
    assertThatThrownBy(() -> RedisWorkQueue.builder().timeout(Duration.ZERO))
        .hasMessageContaining("timeout");
    assertThatThrownBy(() -> at("redis://a").prefix("b")).hasMessageContaining("second time");
  }
}
