package dev.hfsm.redis;

import io.lettuce.core.RedisURI;
import java.util.stream.Collectors;

/** Addresses as messages show them: without user and password. */
final class Addresses {

  private Addresses() {}

  static String of(RedisURI uri) {
    String scheme = uri.isSsl() ? "rediss://" : "redis://";
    if (uri.getSocket() != null) {
      return "unix socket " + uri.getSocket();
    }
    if (!uri.getSentinels().isEmpty()) {
      return uri.getSentinels().stream()
          .map(sentinel -> sentinel.getHost() + ":" + sentinel.getPort())
          .collect(Collectors.joining(",", "sentinel ", ""));
    }
    return scheme + uri.getHost() + ":" + uri.getPort();
  }
}
