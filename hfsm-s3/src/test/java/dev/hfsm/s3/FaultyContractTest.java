package dev.hfsm.s3;

import dev.hfsm.s3.FaultyProxy.Fault;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.tck.BlobStoreContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** The contract of every store, while a tenth of all requests meet with a fault. */
class FaultyContractTest extends BlobStoreContract {

  private static final long SEED = Long.getLong("hfsm.seed", System.nanoTime());
  private static final int FAULTY_IN = 10;

  /** Waiting for an answer that never comes takes as long as for one of a busy machine. */
  private static final Duration GIVING_UP = Duration.ofSeconds(5);

  private static final String PATIENCE = "hfsm.tck.patience.millis";
  private static final AtomicLong REQUESTS = new AtomicLong();

  @TempDir static Path folder;
  private static TestServer server;
  private static FaultyProxy proxy;
  private static S3Client client;

  @BeforeAll
  static void start() throws Exception {
    System.out.println("faulty contract: -Dhfsm.seed=" + SEED);
    // Attempts that are given up take their time.
    System.setProperty(PATIENCE, "300000");
    server = TestServer.onDisk(folder);
    proxy = new FaultyProxy(server.port(), FaultyContractTest::fault);
    client = Impatient.client(proxy.endpoint(), 12, GIVING_UP);
  }

  private static Fault fault() {
    SplittableRandom random = new SplittableRandom(SEED + REQUESTS.incrementAndGet());
    Fault[] faults = Fault.values();
    if (random.nextInt(500) == 0) {
      return Fault.SILENCE_AFTER_SUCCESS;
    }
    Fault fault =
        random.nextInt(FAULTY_IN) > 0 ? Fault.NONE : faults[random.nextInt(faults.length)];
    return fault == Fault.SILENCE_AFTER_SUCCESS ? Fault.CUT_AFTER_SUCCESS : fault;
  }

  @AfterAll
  static void stop() throws Exception {
    System.clearProperty(PATIENCE);
    System.out.println("faulty contract: requests met with " + proxy);
    client.close();
    proxy.close();
    server.close();
  }

  @Override
  protected BlobStore newStore() {
    return S3BlobStore.over(client, server.freshBucket().multipartAbove(S3Config.SMALLEST_PART));
  }
}
