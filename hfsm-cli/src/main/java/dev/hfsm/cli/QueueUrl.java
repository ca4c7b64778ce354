package dev.hfsm.cli;

import dev.hfsm.error.QueueException;
import dev.hfsm.redis.RedisQueueBuilder;
import dev.hfsm.redis.RedisWorkQueue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where hints are, as it is said on the command line: {@code
 * redis[s]://[USER@]HOST[:PORT][/DATABASE][?prefix=PREFIX]}.
 *
 * @param scheme {@code redis}, or {@code rediss} for TLS
 * @param user who we are, or null
 * @param server host, port and database
 * @param prefix what keys begin with, or null
 */
record QueueUrl(String scheme, @Nullable String user, String server, @Nullable String prefix) {

  private static final String EXPECTED =
      "expected redis[s]://[USER@]HOST[:PORT][/DATABASE][?prefix=PREFIX], found something else";
  private static final Pattern TEXT =
      Pattern.compile(
          "(?<scheme>rediss?)://(?:(?<user>[A-Za-z0-9._-]+)@)?"
              + "(?<server>(?:[A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+])(?::[0-9]{1,5})?(?:/[0-9]{1,5})?)/?"
              + "(?:\\?prefix=(?<prefix>[A-Za-z0-9][A-Za-z0-9:._-]{0,63}))?");

  /**
   * Opens the queue. Nothing depends on Redis, so one that is away, or may lose hints, is a remark.
   *
   * @param remark takes it
   * @throws Complaints.Complaint if Redis does not let us in, or is too old
   */
  RedisWorkQueue open(Consumer<String> remark) {
    RedisQueueBuilder builder =
        RedisWorkQueue.builder().uri(uri(System.getenv("HFSM_REDIS_PASSWORD")));
    RedisWorkQueue queue;
    try {
      queue = prefix == null ? builder.open() : builder.prefix(prefix).open();
    } catch (QueueException e) {
      throw new Complaints.Complaint(reason(e));
    }
    try {
      remarkOn(queue, remark);
      return queue;
    } catch (RuntimeException e) {
      queue.close();
      throw e;
    }
  }

  /** Of a Redis that was found away a moment ago this is told at once, without another wait. */
  private static void remarkOn(RedisWorkQueue queue, Consumer<String> remark) {
    try {
      queue.check();
    } catch (QueueException e) {
      remark.accept("hfsm: " + Text.line(reason(e)) + "; work is found in the ledger as well");
    }
  }

  /** What is wrong, with the settings of the command line instead of those of the builder. */
  private static String reason(QueueException e) {
    return String.valueOf(e.getMessage())
        .replace("uri(...), redis://user:password@host", "--queue and HFSM_REDIS_PASSWORD")
        .replace("uri(...)", "--queue")
        .replace("a prefix(...) of its own", "a ?prefix= of its own in --queue")
        .replace(", or lower maxHints(...)", "")
        .replace(" or a client given to client(...)", "")
        .replace(
            "give cluster(...) a RedisClusterClient", "leave --queue out: hfsm speaks to none");
  }

  private String uri(@Nullable String password) {
    if (password == null && user == null) {
      return scheme + "://" + server;
    }
    String name = user == null ? "" : user;
    String secret = password == null ? "" : password;
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20");
    return scheme + "://" + name + ":" + encoded + "@" + server;
  }

  /** Reads a URL; never says what was found, which may hold a secret. */
  static final class Converter implements ITypeConverter<QueueUrl> {
    @Override
    public QueueUrl convert(String text) {
      Urls.refuseSecret(text, "set HFSM_REDIS_PASSWORD");
      Matcher m = TEXT.matcher(text);
      if (!m.matches()) {
        throw new TypeConversionException(EXPECTED);
      }
      return new QueueUrl(m.group("scheme"), m.group("user"), m.group("server"), m.group("prefix"));
    }
  }
}
