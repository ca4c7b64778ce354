package dev.hfsm.store;

import static dev.hfsm.store.Blobs.bytes;
import static dev.hfsm.store.Blobs.flipped;
import static dev.hfsm.store.Blobs.put;
import static dev.hfsm.store.Blobs.read;
import static dev.hfsm.store.Blobs.replace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hfsm.error.IntegrityException;
import dev.hfsm.filesystem.FileSystemBlobStore;
import dev.hfsm.memory.InMemoryBlobStore;
import dev.hfsm.model.Digest;
import dev.hfsm.storage.BlobStore;
import dev.hfsm.storage.ByteRange;
import dev.hfsm.storage.LocalFile;
import dev.hfsm.storage.StorageKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was read to its end is what was put. */
class VerifyingBlobStoreTest {

  private static final StorageKey VARIANT = new StorageKey("some/variant");

  private final InMemoryBlobStore disk = new InMemoryBlobStore();
  private final BlobStore store = VerifyingBlobStore.over(disk, ExpectedDigests.inKeys());

  @Test
  void damageAnywhereIsFoundBeforeTheLastByteIsGiven() throws IOException {
    for (int size : new int[] {1, 2, 100, 8192, 8193, 70_000}) {
      byte[] good = bytes(size);
      StorageKey key = put(disk, good);
      for (int at : new int[] {0, size / 2, size - 1}) {
        replace(disk, key, flipped(good, at));
        assertThat(given(key, 4096)).as("%s bytes, damaged at %s", size, at).isLessThan(size);
        assertThat(given(key, 1)).as("%s bytes one by one", size).isLessThan(size);
      }
      replace(disk, key, good);
      assertThat(read(store, key)).isEqualTo(good);
    }
  }

  /** How many bytes are given before the damage is told, which it must be, and again when asked. */
  private long given(StorageKey key, int at) throws IOException {
    long count = 0;
    byte[] buffer = new byte[at];
    try (InputStream in = store.open(key, ByteRange.ALL)) {
      try {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          count += n;
        }
        throw new AssertionError("the damage was not told");
      } catch (IntegrityException e) {
        assertThat(e).hasMessageContaining(key.text());
      }
      assertThatThrownBy(in::read).isInstanceOf(IntegrityException.class);
      return count;
    }
  }

  @Test
  void aBlobThatWasCutOffOrHasGrownIsFound() {
    byte[] good = bytes(10_000);
    StorageKey key = put(disk, good);
    for (int size : new int[] {0, 1, 9_999, 10_001}) {
      replace(disk, key, Arrays.copyOf(good, size));
      assertThatThrownBy(() -> read(store, key))
          .as("%s bytes instead of 10,000", size)
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining(key.text());
    }
  }

  @Test
  void aRangeThatTurnsOutToCoverTheBlobIsVerified() {
    byte[] good = bytes(1_000);
    StorageKey key = put(disk, good);
    replace(disk, key, flipped(good, 10));
    for (long length : new long[] {1_000, 1_001, 50_000}) {
      assertThatThrownBy(() -> read(store, key, new ByteRange(0, length)))
          .as("the first %s of 1,000 bytes", length)
          .isInstanceOf(IntegrityException.class);
    }
  }

  @Test
  void aRangeInsideTheBlobIsGivenAsItIs() throws IOException {
    byte[] good = bytes(1_000);
    StorageKey key = put(disk, good);
    byte[] bad = flipped(good, 10);
    replace(disk, key, bad);
    assertThat(read(store, key, new ByteRange(0, 999))).isEqualTo(Arrays.copyOf(bad, 999));
    assertThat(read(store, key, new ByteRange(5, 10_000)))
        .isEqualTo(Arrays.copyOfRange(bad, 5, 1_000));
  }

  @Test
  void aKeyWhoseDigestNobodyKnowsIsGivenAsItIs() throws IOException {
    put(disk, VARIANT, bytes(100));
    assertThat(read(store, VARIANT)).isEqualTo(bytes(100));
  }

  @Test
  void variantsAreVerifiedByWhoeverKnowsTheirDigest() {
    ExpectedDigests known = key -> Optional.of(Digest.ofContent(bytes(100)));
    put(disk, VARIANT, bytes(101));
    assertThatThrownBy(() -> read(VerifyingBlobStore.over(disk, known), VARIANT))
        .isInstanceOf(IntegrityException.class);
  }

  @Test
  void whatReadsPastItIsNotOffered(@TempDir Path folder) {
    FileSystemBlobStore files = FileSystemBlobStore.open(folder);
    assertThat(files.capability(LocalFile.class)).isPresent();
    assertThat(VerifyingBlobStore.over(files, ExpectedDigests.inKeys()).capability(LocalFile.class))
        .isEmpty();
  }
}
