package dev.hfsm.http;

import jakarta.servlet.Servlet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Globals;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** A Tomcat inside the test. */
final class TomcatServer {

  /** Held, because the levels of loggers are forgotten with them. */
  private static final Logger LOG = Logger.getLogger("org.apache");

  static {
    LOG.setLevel(Level.SEVERE);
  }

  private TomcatServer() {}

  /** Starts one with a servlet at {@code /assets}. */
  static TestServer.Running start(
      Servlet servlet, TestServer.Limits limits, Consumer<Connector> tuned) throws Exception {
    Path base = Files.createTempDirectory("hfsm-tomcat-");
    Tomcat server = new Tomcat();
    server.setBaseDir(base.toString());
    server.setHostname("127.0.0.1");
    server.setPort(0);
    Connector connector = server.getConnector();
    connector.setProperty("address", "127.0.0.1");
    connector.setProperty("maxThreads", String.valueOf(limits.threads()));
    connector.setProperty("minSpareThreads", "1");
    connector.setProperty("connectionTimeout", String.valueOf(limits.patience().toMillis()));
    // Else it ends a connection after a hundred requests.
    connector.setProperty("maxKeepAliveRequests", "-1");
    // Else it refuses TRACE itself: by 405 as well, with a page of its own.
    connector.setAllowTrace(true);
    tuned.accept(connector);
    server.addContext("", base.toString());
    server.addServlet("", "delivery", servlet).addMapping("/assets/*");
    server.start();
    return new TestServer.Running(
        connector.getLocalPort(),
        () -> {
          server.stop();
          server.destroy();
          System.clearProperty(Globals.CATALINA_HOME_PROP); // which the next would make once more
          ServedFiles.deleteAll(base);
        });
  }
}
