package dev.hfsm.http;

import com.sun.net.httpserver.HttpServer;
import dev.hfsm.delivery.Delivery;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A server that has delivery mounted at {@code /assets}, as they come. */
enum TestServer {
  JDK {
    @Override
    Running start(Delivery delivery) throws Exception {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      server.setExecutor(threads);
      server.createContext("/assets", new DeliveryHandler(delivery));
      server.start();
      return new Running(
          server.getAddress().getPort(),
          () -> {
            server.stop(0);
            threads.shutdownNow();
          });
    }
  },

  JETTY {
    @Override
    Running start(Delivery delivery) throws Exception {
      Server server = new Server();
      ServerConnector connector = new ServerConnector(server);
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      ServletContextHandler context = new ServletContextHandler("/");
      context.addServlet(new ServletHolder(new DeliveryServlet(delivery)), "/assets/*");
      server.setHandler(context);
      server.start();
      return new Running(connector.getLocalPort(), server::stop);
    }
  },

  UNDERTOW {
    @Override
    Running start(Delivery delivery) throws Exception {
      DeploymentManager manager =
          Servlets.defaultContainer()
              .addDeployment(
                  Servlets.deployment()
                      .setClassLoader(TestServer.class.getClassLoader())
                      .setContextPath("/")
                      .setDeploymentName("delivery")
                      .addServlets(
                          Servlets.servlet(
                                  "delivery",
                                  DeliveryServlet.class,
                                  new ImmediateInstanceFactory<>(new DeliveryServlet(delivery)))
                              .addMapping("/assets/*")));
      manager.deploy();
      Undertow server =
          Undertow.builder()
              .addHttpListener(0, "127.0.0.1")
              .setWorkerThreads(THREADS)
              .setHandler(manager.start())
              .build();
      server.start();
      int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
      return new Running(port, server::stop);
    }
  };

  private static final int THREADS = 16;

  static {
    // Undertow's own log goes where that of the tests goes.
    System.setProperty("org.jboss.logging.provider", "slf4j");
  }

  /** A server that runs until it is closed. */
  record Running(int port, AutoCloseable server) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      server.close();
    }
  }

  abstract Running start(Delivery delivery) throws Exception;
}
