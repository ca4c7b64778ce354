package dev.hfsm.tck;

import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.tck.broken.BrokenBlobStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobStoreContractTest {

  private final EveryCaseBites suite = new EveryCaseBites(BlobStoreCases.class);

  @Test
  void theInMemoryStoreKeepsTheContract() {
    suite.passes((NewStore) InMemoryBlobStore::new);
  }

  @Test
  void theFileSystemStoreKeepsTheContract(@TempDir Path folder) {
    suite.passes(
        (NewStore) () -> FileSystemBlobStore.open(Files.createTempDirectory(folder, "store")));
  }

  @Test
  void everyBrokenStoreIsCaughtAndEveryCaseCatchesOne() {
    Map<String, NewStore> broken = new LinkedHashMap<>();
    BrokenBlobStores.all().forEach((name, store) -> broken.put(name, store::get));
    suite.bites(broken);
  }

  interface NewStore {
    BlobStore create() throws Exception;
  }

  @EveryCaseBites.ForEachAdapter
  static final class BlobStoreCases extends BlobStoreContract {

    private final NewStore underTest = EveryCaseBites.underTest(NewStore.class);

    @Override
    protected BlobStore newStore() throws Exception {
      return underTest.create();
    }
  }
}
