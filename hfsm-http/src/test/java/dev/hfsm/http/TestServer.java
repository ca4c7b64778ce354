package dev.hfsm.http;

import com.sun.net.httpserver.HttpServer;
import dev.hfsm.AssetPipeline;
import dev.hfsm.delivery.Delivery;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.xnio.Options;

/** A server that has delivery mounted at {@code /assets}. */
enum TestServer {
  JDK {
    @Override
    Running start(AssetPipeline assets, Delivery delivery, Limits limits) throws Exception {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      ExecutorService threads = Executors.newFixedThreadPool(limits.threads());
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

  /** The JDK's server with its limits, log and gate. */
  DELIVERY_SERVER {
    @Override
    Running start(AssetPipeline assets, Delivery delivery, Limits limits) throws Exception {
      DeliveryServer server =
          DeliveryServer.of(assets, delivery)
              .threads(limits.threads())
              .drain(Duration.ZERO)
              .start();
      return new Running(server.address().getPort(), server);
    }
  },

  JETTY {
    @Override
    Running start(AssetPipeline assets, Delivery delivery, Limits limits) throws Exception {
      Server server = new Server(new QueuedThreadPool(limits.threads() + OF_JETTY, 1 + OF_JETTY));
      ServerConnector connector = new ServerConnector(server, 1, 1);
      connector.setHost("127.0.0.1");
      connector.setIdleTimeout(limits.patience().toMillis());
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
    Running start(AssetPipeline assets, Delivery delivery, Limits limits) throws Exception {
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
              .setSocketOption(Options.WRITE_TIMEOUT, (int) limits.patience().toMillis())
              .setWorkerThreads(limits.threads())
              .setHandler(manager.start())
              .build();
      server.start();
      int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
      return new Running(port, server::stop);
    }
  },

  TOMCAT {
    @Override
    Running start(AssetPipeline assets, Delivery delivery, Limits limits) throws Exception {
      return TomcatServer.start(new DeliveryServlet(delivery), limits, connector -> {});
    }
  };

  /** Threads that accept and select. */
  private static final int OF_JETTY = 3;

  static {
    // Undertow's own log goes where that of the tests goes.
    System.setProperty("org.jboss.logging.provider", "slf4j");
    HttpServerTuning.apply();
  }

  /**
   * What slow clients are held to.
   *
   * @param threads that requests are answered by
   * @param patience with a connection on which nothing moves; with the JDK's server it is for a
   *     whole answer, and the process has to be started with it
   */
  record Limits(int threads, Duration patience) {
    static final Limits USUAL = new Limits(16, Duration.ofSeconds(30));
  }

  /** A server that runs until it is closed. */
  record Running(int port, AutoCloseable server) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      server.close();
    }
  }

  abstract Running start(AssetPipeline assets, Delivery delivery, Limits limits) throws Exception;

  Running start(AssetPipeline assets, Delivery delivery) throws Exception {
    return start(assets, delivery, Limits.USUAL);
  }
}
