package dev.hfsm.reliability.process;

import dev.hfsm.AssetPipeline;
import dev.hfsm.delivery.Delivery;
import dev.hfsm.delivery.DeliveryRequest;
import dev.hfsm.delivery.DeliveryResponse;
import dev.hfsm.delivery.SigningKeys;
import dev.hfsm.model.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A node that serves. Lines it is told: {@code get <clients> <path>} has so many clients ask at the
 * same moment, and is answered {@code waiting} once all of them wait; {@code go} lets variants be
 * made, each of which it has said {@code making} of before. Of each answer it says {@code answer
 * <status> <retry-after> <digest>}.
 */
final class ServingChild {

  /** Long enough that no pause of a busy machine outlives the half of it that is left. */
  static final Duration LEASE = Duration.ofSeconds(10);

  static final SigningKeys KEYS = SigningKeys.of("k1", new byte[32]);

  private final CountDownLatch go = new CountDownLatch(1);
  private final ExecutorService clients = Executors.newCachedThreadPool();
  private final AssetPipeline assets;
  private final Delivery delivery;

  private ServingChild(String[] arguments) {
    Node node = Node.open(Site.of(arguments), 10);
    this.assets =
        node.pipeline(node.ledger(), LEASE)
            .workTime(Factory.HELD_FOR)
            .workers(1)
            .transformer(new Toys(this::before))
            .start();
    this.delivery = Delivery.of(assets, KEYS).patience(Factory.PATIENCE).build();
  }

  /** Arguments: site. */
  public static void main(String[] arguments) {
    Parent parent = Parent.listen();
    ServingChild child = new ServingChild(arguments);
    Parent.tell("ready");
    while (true) {
      String[] said = parent.next().split(" ");
      if (said[0].equals("go")) {
        child.go.countDown();
      } else {
        child.get(Integer.parseInt(said[1]), said[2]);
      }
    }
  }

  private void before(Toys.Step step, String line) {
    if (step == Toys.Step.RENDER) {
      Parent.tell("making " + line);
      try {
        go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void get(int count, String path) {
    CyclicBarrier together = new CyclicBarrier(count);
    for (int i = 0; i < count; i++) {
      clients.execute(
          () -> {
            try {
              together.await();
              Parent.tell(answer(path));
            } catch (Exception e) {
              Parent.failed("a client", e);
            }
          });
    }
    while (assets.load().coldCallers() < count) {
      LockSupport.parkNanos(1_000_000);
    }
    Parent.tell("waiting");
  }

  /**
   * Whoever is turned away, because a slow machine keeps him waiting for the ledger, comes again.
   */
  private String answer(String path) throws IOException {
    String answer = asked(path);
    while (answer.startsWith("answer 503 ")) {
      LockSupport.parkNanos(100_000_000);
      answer = asked(path);
    }
    return answer;
  }

  private String asked(String path) throws IOException {
    try (DeliveryResponse response = delivery.handle(DeliveryRequest.get(path))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      response.body().writeTo(out);
      return "answer %d %s %s"
          .formatted(
              response.status(),
              response.header("Retry-After").orElse("-"),
              Digest.ofContent(out.toByteArray()));
    }
  }
}
