package dev.hfsm.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hfsm.delivery.Representation.Kept;
import dev.hfsm.model.AssetId;
import dev.hfsm.model.Digest;
import org.junit.jupiter.api.Test;

/** Paths that are remembered. */
class KnownRoutesTest {

  private static final Route ROUTE =
      new Route(
          AssetId.of(Digest.ofContent(new byte[] {1})),
          null,
          Route.Access.BEARER,
          Kept.FOREVER,
          Route.FOREVER);

  @Test
  void thereIsABoundInBytesHoweverManyAndHoweverLongPathsAre() {
    KnownRoutes routes = new KnownRoutes();
    String tail = "x".repeat(1000);
    for (int i = 0; i < 50_000; i++) {
      routes.keep(i + tail, new KnownRoutes.Known(ROUTE, 0));
    }
    assertThat(routes.bytes()).isPositive().isLessThanOrEqualTo(8 << 20);
  }
}
