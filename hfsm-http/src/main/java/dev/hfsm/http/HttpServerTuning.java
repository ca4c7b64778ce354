package dev.hfsm.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings that the JDK's HTTP server takes from system properties, once in the life of a JVM. They
 * hold for every such server in it, so they are the host's to set.
 */
public final class HttpServerTuning {

  static final String NO_DELAY = "sun.net.httpserver.nodelay";

  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    // Without it every body is 40 ms late: Nagle's algorithm waits for a delayed acknowledgement.
    DEFAULTS.put(NO_DELAY, "true");
    DEFAULTS.put("sun.net.httpserver.idleInterval", "30"); // s without a request
    DEFAULTS.put("sun.net.httpserver.maxReqTime", "600"); // s from first to last byte of a request
    DEFAULTS.put("sun.net.httpserver.maxRspTime", "600"); // s until the answer has been read
    DEFAULTS.put("sun.net.httpserver.maxReqHeaders", "100");
    DEFAULTS.put("jdk.httpserver.maxConnections", "2000"); // newer JDKs; older ones pass it over
  }

  private HttpServerTuning() {}

  /**
   * Sets what nobody has set: no delay, and bounds on clients that are slow. Does nothing for a JVM
   * in which a server of this kind was already made.
   */
  public static void apply() {
    DEFAULTS.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
  }
}
