package dev.hfsm.tck;

import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobRef;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteSource;
import dev.hfsm.storage.StorageKey;
import dev.hfsm.store.CachingBlobStore;
import dev.hfsm.store.DualReadBlobStore;
import dev.hfsm.store.EncryptedBlobStore;
import dev.hfsm.store.EncryptionKey;
import dev.hfsm.store.EncryptionKeys;
import dev.hfsm.store.MirroredBlobStore;
import dev.hfsm.store.VerifyingBlobStore;
import dev.hfsm.tck.BlobStoreContractTest.BlobStoreCases;
import dev.hfsm.tck.BlobStoreContractTest.NewStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store made of stores keeps the contract, and so does one made of those. */
class CombinatorContractTest {

  private static final EncryptionKeys KEYS =
      EncryptionKeys.of(EncryptionKey.of("test", new byte[32]));

  private final EveryCaseBites suite = new EveryCaseBites(BlobStoreCases.class);

  @TempDir Path folder;

  private BlobStore files() throws Exception {
    return FileSystemBlobStore.open(Files.createTempDirectory(folder, "store"));
  }

  /** Enough room for some blobs of the suite, so that others are evicted or passed through. */
  private BlobStore caching(BlobStore store) throws Exception {
    return CachingBlobStore.open(store, Files.createTempDirectory(folder, "cache"), 4 << 20);
  }

  /** Knows the digest of whatever was put, so that every case reads what is verified. */
  private static BlobStore verifying(BlobStore store) {
    Map<StorageKey, Digest> known = new ConcurrentHashMap<>();
    BlobStore noting =
        (BlobStore)
            Proxy.newProxyInstance(
                CombinatorContractTest.class.getClassLoader(),
                new Class<?>[] {BlobStore.class},
                (proxy, method, args) -> {
                  if (args != null && args.length == 3 && args[2] instanceof ByteSource) {
                    known.put((StorageKey) args[0], ((BlobRef) args[1]).digest());
                  }
                  try {
                    return method.invoke(store, args);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return VerifyingBlobStore.over(noting, key -> Optional.ofNullable(known.get(key)));
  }

  private static BlobStore encrypted(BlobStore store) {
    return EncryptedBlobStore.over(store, KEYS);
  }

  @Test
  void aVerifyingStoreKeepsTheContract() {
    suite.passes((NewStore) () -> verifying(new InMemoryBlobStore()));
  }

  @Test
  void aCachingStoreKeepsTheContract() {
    suite.passes((NewStore) () -> caching(new InMemoryBlobStore()));
  }

  @Test
  void aMirroredStoreKeepsTheContract() {
    suite.passes((NewStore) () -> MirroredBlobStore.of(files(), files()));
  }

  @Test
  void aStoreThatIsReadTogetherWithAnotherKeepsTheContract() {
    suite.passes((NewStore) () -> DualReadBlobStore.of(files(), new InMemoryBlobStore()));
  }

  @Test
  void anEncryptedStoreKeepsTheContract() {
    suite.passes((NewStore) () -> encrypted(files()));
  }

  @Test
  void aCacheOverEncryptedMirrorsKeepsTheContract() {
    suite.passes(
        (NewStore)
            () ->
                caching(
                    verifying(encrypted(MirroredBlobStore.of(files(), new InMemoryBlobStore())))));
  }

  @Test
  void anEncryptedStoreOverACacheAndAMirrorOfOthersKeepsTheContract() {
    suite.passes(
        (NewStore)
            () ->
                MirroredBlobStore.of(
                    encrypted(caching(files())),
                    DualReadBlobStore.of(verifying(files()), files())));
  }
}
