package dev.hfsm.cli.serve;

import dev.hfsm.AssetPipeline;
import dev.hfsm.CostLimits;
import dev.hfsm.delivery.AssetUrls;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.http.DeliveryServer;
import dev.hfsm.ledger.Visibility;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The page, the API behind it, and the assets, on one port. Thread-safe. */
public final class Site implements AutoCloseable {

  private static final String MOUNT = "/assets";

  private final DeliveryServer server;

  /**
   * How a site is to be.
   *
   * @param address where to listen
   * @param host the name of it, as it was said
   * @param token what the API wants; required unless the address is a loopback address
   * @param keys what URLs are signed with
   * @param maxBytes largest upload, as the pipeline has it too
   * @param uploads to whom what is uploaded is delivered without a signature; null for private, and
   *     for what is there already as it is
   * @param costs what variants may cost, as the pipeline has it too
   * @param accessLog who takes a line for each request
   */
  public record Settings(
      InetSocketAddress address,
      String host,
      @Nullable Token token,
      SigningKeys keys,
      long maxBytes,
      @Nullable Visibility uploads,
      CostLimits costs,
      Consumer<String> accessLog) {}

  private Site(DeliveryServer server) {
    this.server = server;
  }

  /**
   * Begins to serve what a pipeline keeps, which stays open when the site is closed.
   *
   * @throws IOException if the address cannot be had
   */
  public static Site open(AssetPipeline assets, Settings settings) throws IOException {
    InetAddress address = settings.address().getAddress();
    Guard guard = new Guard(address, settings.host(), settings.token());
    Savings savings = new Savings(assets);
    Api api = new Api(assets, AssetUrls.of(assets, settings.keys(), MOUNT), savings, settings);
    return new Site(
        DeliveryServer.of(assets, Delivery.of(assets, settings.keys()).build())
            .listen(settings.address())
            .mount(MOUNT)
            .aroundAssets(savings)
            .handler("/", guard.page(new Pages()))
            .handler("/api/", guard.api(api))
            .accessLog(settings.accessLog())
            .start());
  }

  /** The port it listens at. */
  public int port() {
    return server.address().getPort();
  }

  /** Ends in order: see {@link DeliveryServer#close}. */
  @Override
  public void close() {
    server.close();
  }
}
