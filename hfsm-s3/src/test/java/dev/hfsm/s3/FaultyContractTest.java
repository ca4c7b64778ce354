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
    System.setProperty(PATIENCE, "60000");
    server = TestServer.onDisk(folder);
    proxy = new FaultyProxy(server.port(), FaultyContractTest::fault);
    client = Impatient.client(proxy.endpoint(), 12, Duration.ofMillis(600));
  }

  private static Fault fault() {
    SplittableRandom random = new SplittableRandom(SEED + REQUESTS.incrementAndGet());
    Fault[] faults = Fault.values();
    return random.nextInt(FAULTY_IN) > 0 ? Fault.NONE : faults[random.nextInt(faults.length)];
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
