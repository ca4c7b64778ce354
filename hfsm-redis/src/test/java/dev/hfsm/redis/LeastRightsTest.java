package dev.hfsm.redis;

import static dev.hfsm.redis.Hints.inspect;
import static dev.hfsm.redis.Hints.look;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hfsm.error.QueueException;
import dev.hfsm.model.WorkKind;
import dev.hfsm.queue.Hint;
import dev.hfsm.queue.Rate;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A user of Redis who may do what docs/redis.md asks for, and nothing else. */
@Timeout(600)
class LeastRightsTest {

  private static final Pattern NEEDED =
      Pattern.compile("The user needs (.*?) keys `\\{prefix}:\\*` and the channel", Pattern.DOTALL);
  private static final Pattern COMMAND = Pattern.compile("`([A-Z]+)`");

  private static Set<CommandType> documented() throws IOException {
    Matcher needed = NEEDED.matcher(Files.readString(Path.of("..", "docs", "redis.md")));
    assertThat(needed.find()).isTrue();
    Set<CommandType> commands = new TreeSet<>();
    Matcher command = COMMAND.matcher(needed.group(1));
    while (command.find()) {
      commands.add(CommandType.valueOf(command.group(1)));
    }
    return commands;
  }

  private static RedisQueueBuilder as(String user, Keys keys, Set<CommandType> commands) {
    AclSetuserArgs rights =
        AclSetuserArgs.Builder.reset()
            .on()
            .nopass()
            .keyPattern(keys.toString())
            .resetChannels()
            .channelPattern(keys.bell());
    commands.forEach(rights::addCommand);
    RunningRedis.shared().ask(redis -> redis.aclSetuser(user, rights));
    return RedisWorkQueue.builder()
        .uri("redis://" + user + ":x@127.0.0.1:" + RunningRedis.shared().port())
        .prefix(keys.prefix())
        .timeout(Hints.PATIENCE);
  }

  @Test
  void whatIsDocumentedIsEnoughForAllThatAQueueDoes() throws IOException {
    Keys keys = new Keys(RunningRedis.prefix());
    try (RedisWorkQueue queue = as("least", keys, documented()).maxHints(1).open()) {
      queue.check();
      queue.limit(WorkKind.INSPECT, Rate.perSecond(100));
      queue.pause(WorkKind.DERIVE);
      queue.offer(List.of(inspect("a")));
      queue.offer(List.of(inspect("b"), inspect("c")));
      List<Hint> found = look(queue);
      assertThat(found).hasSize(1);
      queue.ack(found);
      assertThat(queue.stats(WorkKind.INSPECT).taken()).isZero();
      queue.resume(WorkKind.DERIVE);
      queue.unlimit(WorkKind.INSPECT);
    }
  }

  @Test
  void nothingThatIsDocumentedIsTooMuch() throws IOException {
    String scripts = Arrays.stream(Script.values()).map(Script::text).collect(joining());
    Set<CommandType> called = new TreeSet<>();
    Matcher call = Pattern.compile("redis\\.call\\('([A-Z]+)'").matcher(scripts);
    while (call.find()) {
      called.add(CommandType.valueOf(call.group(1)));
    }
    called.addAll(
        List.of(CommandType.EVAL, CommandType.EVALSHA, CommandType.SUBSCRIBE, CommandType.PING));
    assertThat(documented()).isEqualTo(called);
  }

  @Test
  void whoLacksOneOfThemIsToldWhatToAllow() throws IOException {
    Set<CommandType> less = documented();
    less.remove(CommandType.SUBSCRIBE);
    Keys keys = new Keys(RunningRedis.prefix());
    QueueException e =
        catchThrowableOfType(QueueException.class, () -> as("less", keys, less).open().close());
    assertThat(e).hasMessageContainingAll("ACL", "SUBSCRIBE", keys.bell());
    assertThat(e.retryable()).isFalse();
  }
}
