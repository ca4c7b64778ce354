package dev.hfsm.cli;

import dev.hfsm.error.QueueException;
import dev.hfsm.redis.RedisQueueBuilder;
import dev.hfsm.redis.RedisWorkQueue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
   * Opens the queue.
   *
   * @throws QueueException if Redis does not let us in, or is too old
   */
  RedisWorkQueue open() {
    RedisQueueBuilder builder =
        RedisWorkQueue.builder().uri(uri(System.getenv("HFSM_REDIS_PASSWORD")));
    return prefix == null ? builder.open() : builder.prefix(prefix).open();
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
