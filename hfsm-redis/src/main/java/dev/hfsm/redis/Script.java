package dev.hfsm.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** What is done in Redis, each in one indivisible step. */
enum Script {
  OFFER(""),
  POLL("forget.lua"),
  ACK("forget.lua"),
  RULE(""),
  STATS("");

  private final String text;
  private final String digest;

  /**
   * @param shared what it begins with, as others do; empty for nothing
   */
  Script(String shared) {
    String own = read(name().toLowerCase(Locale.ROOT) + ".lua");
    text = shared.isEmpty() ? own : read(shared) + own;
    digest = sha1(text);
  }

  private static String read(String resource) {
    try (InputStream in = Script.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(String text) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(sha1.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  String text() {
    return text;
  }

  /** By which Redis knows a script it has seen. */
  String digest() {
    return digest;
  }
}
