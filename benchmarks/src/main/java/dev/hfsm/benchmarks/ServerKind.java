package dev.hfsm.benchmarks;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.http.HttpServlet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** An HTTP server of the JVM, with as few settings as it can have. */
enum ServerKind {
  JDK {
    @Override
    int start(Site site) throws Exception {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newFixedThreadPool(THREADS));
      server.createContext(MOUNT, site.handler());
      server.start();
      return server.getAddress().getPort();
    }
  },

  JETTY {
    @Override
    int start(Site site) throws Exception {
      Server server = new Server();
      ServerConnector connector = new ServerConnector(server);
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      ServletContextHandler context = new ServletContextHandler("/");
      context.addServlet(new ServletHolder(site.servlet()), MOUNT + "/*");
      server.setHandler(context);
      server.start();
      return connector.getLocalPort();
    }
  },

  UNDERTOW {
    @Override
    int start(Site site) throws Exception {
      DeploymentManager manager =
          Servlets.defaultContainer()
              .addDeployment(
                  Servlets.deployment()
                      .setClassLoader(ServerKind.class.getClassLoader())
                      .setContextPath("/")
                      .setDeploymentName("delivery")
                      .addServlets(
                          Servlets.servlet(
                                  "delivery",
                                  site.servlet().getClass(),
                                  new ImmediateInstanceFactory<>(site.servlet()))
                              .addMapping(MOUNT + "/*")));
      manager.deploy();
      Undertow server =
          Undertow.builder().addHttpListener(0, "127.0.0.1").setHandler(manager.start()).build();
      server.start();
      return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }
  };

  /** Where it answers. */
  static final String MOUNT = "/assets";

  private static final int THREADS = 64;

  /** What answers, in both shapes. */
  record Site(HttpHandler handler, HttpServlet servlet) {}

  /**
   * Starts it; it runs until the process ends.
   *
   * @return its port
   */
  abstract int start(Site site) throws Exception;
}
