package dev.hfsm.s3;

import dev.hfsm.storage.BlobStore;
import dev.hfsm.tck.BlobStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract of every store, over a real server whose objects are files. */
class S3BlobStoreContractTest extends BlobStoreContract {

  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.onDisk(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Override
  protected BlobStore newStore() {
    return S3BlobStore.open(server.freshBucket().prefix("assets"), TestServer.credentials());
  }
}
